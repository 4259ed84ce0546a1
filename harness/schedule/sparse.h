#pragma once
// Random schedules of few preemptions: the default order, except that now and then a thread
// is preempted when it stands in a race window, or is about to wake or to start another
// thread. Minimising looks among such runs for a simpler one that fails as the given one does.
// To sample few switch points is the idea of PCT (Burckhardt et al., ASPLOS 2010); here the
// points are windows.

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
  std::uint64_t considered_ = 0;  // the last step at which a preemption was drawn
  DefaultOrder order_;
};

}  // namespace jitterbug
