#pragma once
// Partial order sampling.
//
// Every announced operation has a random priority; the highest one is performed.
// Afterwards the thread's next operation gets a priority of its own, and so does
// every operation that waited and conflicts with the one performed. The order of
// operations that commute is not sampled again and again, so that an operation
// is held back behind n independent ones with probability 1 / (n + 1), where a
// random walk gives it 1 / 2^n.
//
// X. Yuan, J. Yang, R. Gu: Partial order aware concurrency sampling. CAV 2018.
//
// A thread that waited or spun comes back with a new priority: what let it go on
// conflicts with its waiting.

#include <vector>

#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

class PosStrategy final : public Strategy {
 public:
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

 private:
  struct Thread {
    std::uint64_t priority = 0;
    std::uint64_t seen_at = 0;  // number of the pick() it was last a candidate of
  };

  Thread& thread(ThreadId id);

  rt::Rng rng_;
  rt::Rng priorities_;
  std::vector<Thread> threads_;  // by number
  std::uint64_t picks_ = 0;
  ThreadId performer_ = rt::engine::no_thread;  // of the last pick
  Op performed_;
};

}  // namespace jitterbug
