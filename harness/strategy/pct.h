#pragma once
// Probabilistic concurrency testing.
//
// Every thread has a random priority and the highest one that can run runs. At
// depth - 1 steps, drawn uniformly from the length of the run, the thread that is
// about to take the step falls below all others. A bug that depth orderings are
// enough for shows up with probability at least 1 / (n k^(depth-1)), for n threads
// and k steps.
//
// S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte: A randomized scheduler
// with probabilistic guarantees of finding bugs. ASPLOS 2010.
//
// Where the races are known to be decided at race points, the change points are
// drawn from these: k is their number, which is a fraction of the steps.
//
// k comes from a pilot run, or from the options. A change point that falls where
// one thread alone can run counts when there is a second one. A thread that spins
// is no candidate until somebody has moved; it looks again after a few steps of
// the thread below it. One that spins on and on falls below all others, or else two
// spinners would let each other look and starve whom they wait for.

#include <optional>
#include <vector>

#include "harness/strategy/faults.h"
#include "harness/strategy/points.h"
#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

struct PctOptions {
  std::optional<std::uint32_t> depth;   // >= 1; drawn from 2..5
  std::optional<bool> at_race_points;   // change points are race points, not steps
  std::uint64_t steps = 0;              // k; 0: of the pilot run, or a default where there was none
};

class PctStrategy final : public Strategy {
 public:
  explicit PctStrategy(const PctOptions& options = {}) : fixed_(options) {}

  bool wants_pilot() const override { return fixed_.steps == 0; }
  void learn(const Pilot& pilot) override;
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  // As of the last begin().
  std::uint32_t depth() const { return depth_; }
  bool at_race_points() const { return position_.at_race_points(); }

 private:
  using Priority = std::uint64_t;
  struct ChangePoint {
    std::uint64_t at;
    Priority priority;  // what the thread that is about to take the step gets; the lower the earlier drawn
  };
  struct Thread {
    Priority priority = 0;
    std::uint32_t spins = 0;  // since it fell for it
  };

  Thread& thread(ThreadId id);
  void draw_change_points(std::uint64_t length);
  void fall(const Situation& s);

  PctOptions fixed_;
  std::uint64_t pilot_steps_ = 0;
  std::uint64_t pilot_race_points_ = 0;
  rt::Rng rng_;
  rt::Rng priorities_;
  FaultSwarm faults_;
  std::uint32_t depth_ = 1;
  Position position_;
  std::vector<ChangePoint> points_;  // in order of occurrence
  std::size_t next_point_ = 0;
  Priority lowest_ = 0;              // of the spinners that have fallen
  std::vector<Thread> threads_;      // by number
};

}  // namespace jitterbug
