#pragma once
// A deterministic scheduler, delayed a few times.
//
// Without delays a thread runs until it waits, spins or ends, and the next one in
// order of number follows. A delay passes over the thread that would have run on.
// Few delays are enough for most bugs, and n delays reach schedules of n preemptions
// at any number of threads, at the price of k^n instead of (nk)^n.
//
// M. Emmi, S. Qadeer, Z. Rakamaric: Delay-bounded scheduling. POPL 2011.
//
// A run is a function of its seed, so the bound is drawn: n delays with probability
// 1 / 2^n. BoundedSearch goes through all schedules of a small program instead, in
// order of their preemptions.
//
// Delays fall at steps, or at race points, anywhere in a run as long as the pilot
// run was.

#include <vector>

#include "harness/strategy/points.h"
#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

class BoundedStrategy final : public Strategy {
 public:
  bool wants_pilot() const override { return true; }
  void learn(const Pilot& pilot) override;
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  // As of the last begin(): when the delays fall, in order.
  const std::vector<std::uint64_t>& delays() const { return delays_; }
  bool at_race_points() const { return position_.at_race_points(); }

 private:
  bool takes_delay(const Situation& s);
  std::uint32_t draw_range();

  std::uint64_t pilot_steps_ = 0;
  std::uint64_t pilot_race_points_ = 0;
  rt::Rng rng_;
  Position position_;
  std::vector<std::uint64_t> delays_;
  std::size_t next_delay_ = 0;
};

}  // namespace jitterbug
