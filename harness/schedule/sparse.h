#pragma once
// Few preemptions, and those where races are documented: the default order, left now
// and then when a thread stands in a race window or is about to wake or start
// another one. Its schedules are short, so it looks for a simpler run that fails in
// the way another one does. Priority-based sampling of few switch points is the idea
// of PCT (Burckhardt et al., ASPLOS 2010); here the points are windows.

#include "harness/schedule/default_order.h"
#include "runtime/base/rng.h"

namespace jitterbug {

// Not thread-safe: one strategy drives one machine.
class SparseStrategy final : public Strategy {
 public:
  // faults: the layer below misbehaves now and then.
  explicit SparseStrategy(bool faults) : faults_(faults) {}

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  bool watches() const override { return true; }
  void runs(ThreadId thread) override { order_.runs(thread); }

 private:
  bool preempts(const Situation& s);
  ThreadId draw_other(const Situation& s);

  const bool faults_;
  rt::Rng rng_;
  std::uint32_t one_in_ = 1;
  bool windows_only_ = true;
  bool known_only_ = false;  // windows of races that have happened
  std::uint64_t considered_ = 0;  // step
  DefaultOrder order_;
};

}  // namespace jitterbug
