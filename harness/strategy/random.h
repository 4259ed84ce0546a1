#pragma once
// Random walk with bursts and stalls.
//
// Bursts: a picked thread runs on for a random number of steps (close to a
// geometric distribution). Short ones interleave finely; long ones let queues
// fill and let a thread get far ahead of the others.
//
// Stalls: a thread that stands in a race window, or is about to wake or to start
// another one, is with some probability held there for a random number of steps
// while the others run: the controlled equivalent of a sleep placed in the
// window. If nobody else can run, time may pass instead, as it does during a sleep.
//
// Weights: per run, threads are picked uniformly or with strongly skewed odds, so
// that in some runs a thread is slow throughout.

#include <optional>
#include <vector>

#include "harness/strategy/holds.h"
#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

// What is not fixed here is drawn from the seed of each run.
struct RandomOptions {
  std::optional<std::uint32_t> burst_mean;       // steps, >= 1; drawn from {1, 2, 4, 16, 64, 256}
  std::optional<bool> skewed;                    // threads have unequal odds
  std::optional<std::uint32_t> stall_sixteenths; // chance of a stall in a window, of 16; drawn from {0, 1, 4, 8}
};

class RandomStrategy final : public Strategy {
 public:
  explicit RandomStrategy(const RandomOptions& options = {}) : fixed_(options) {}

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  // As of the last begin().
  std::uint32_t burst_mean() const { return burst_mean_; }
  bool skewed() const { return skewed_; }
  std::uint32_t stall_sixteenths() const { return stall_sixteenths_; }

 private:
  void meet_threads(ThreadId up_to);
  void consider_stall(const Situation& s);
  ThreadId draw_evenly(const Situation& s) {
    return s.runnable[rng_.below(static_cast<std::uint32_t>(s.runnable.size()))].thread;
  }
  ThreadId draw_by_weight(const Situation& s);
  std::uint32_t draw_burst();

  RandomOptions fixed_;
  rt::Rng rng_;
  rt::Rng weights_;  // of its own: a thread that is met late must not shift the other draws; skewed only
  std::uint32_t burst_mean_ = 1;
  bool skewed_ = false;
  std::uint32_t stall_sixteenths_ = 0;
  std::uint32_t stop_at_ = 0;
  std::uint64_t burst_end_ = 0;          // step
  std::uint64_t considered_at_ = 0;      // the step at which a stall was last considered
  Holds stalls_;
  std::vector<std::uint32_t> weights_of_;  // by thread
};

}  // namespace jitterbug
