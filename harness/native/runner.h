#pragma once
// Plans on real threads: a workload under noise, or under its script, in a process of its own. Equal
// plans give equal draws, not equal runs.

#include <optional>
#include <string>
#include <vector>

#include "harness/native/native_shared.h"
#include "harness/run/backend.h"

namespace jitterbug {

inline constexpr const char* native_strategy = "noise";

// As Backend::check.
void check_native_plan(const Plan& plan);

// One run per process: it leaves what its threads own, and may hang with them.
class NativeRunner final : public PlanRunner {
 public:
  explicit NativeRunner(const Parent& parent) : parent_(parent), shared_(*static_cast<NativeShared*>(parent.shared)) {}

  // A run that fails ends the process instead of returning. trace_steps: if any, operations are traced
  // even where there is no noise. Decisions of the record are the times a thread was held.
  Record run(const Plan& plan, std::size_t trace_steps) override;

  WindowSet windows_entered() const override;
  WindowSet windows_switched() const override { return {}; }
  void watch(WindowLog&) override {}

 private:
  const Parent& parent_;
  NativeShared& shared_;
};

// As Backend::judge.
Record judge_native(const Ending& ending, const std::vector<std::string>& said, const NativeShared& shared);

}  // namespace jitterbug
