#pragma once
// A plan on real threads: the workload it names, under its noise, in a process of its
// own. Equal plans give equal draws, not equal runs.

#include <bitset>
#include <cstdint>
#include <span>

#include "harness/native/child.h"
#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "harness/scene/workload.h"

namespace jitterbug {

using NativeWindows = std::bitset<static_cast<std::size_t>(rt::Window::count)>;

inline constexpr const char* native_flavour = "instrumented";
inline constexpr const char* native_strategy = "noise";

// Throws UsageError when a plan names what does not exist, ImpossibleError when it
// needs another binary.
void check_native_plan(const Plan& plan);

// Whether a run is traced, which takes time at each operation.
enum class NativeTracing { under_noise, always };

// A run under way. The plan has passed check_native_plan().
class NativeRun {
 public:
  NativeRun(const Plan& plan, std::uint64_t index, double hang_seconds, NativeTracing tracing);

  Child& child() { return child_; }
  const Plan& plan() const { return plan_; }

  // When the child has ended. Decisions are the times a thread was held.
  Record record() const;
  // Of runs that came to their end.
  const NativeWindows& entered() const { return entered_; }
  void understand();

 private:
  const Plan plan_;
  const std::uint64_t index_;
  NativeWindows entered_;
  std::uint64_t holds_ = 0;
  bool reached_ = false;
  Child child_;
};

}  // namespace jitterbug
