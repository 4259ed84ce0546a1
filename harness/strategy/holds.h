#pragma once
// Threads that are held back until some step: the controlled equivalent of a sleep
// placed in the code. Not thread-safe: part of one strategy.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

class Holds {
 public:
  void begin() {
    until_.clear();
    all_end_ = 0;
  }

  void hold(ThreadId thread, std::uint64_t until) {
    if (until_.size() <= thread) until_.resize(thread + 1);
    until_[thread] = until;
    all_end_ = std::max(all_end_, until);
  }

  // Most questions are asked when nobody is held.
  bool none(std::uint64_t step) const { return step >= all_end_; }
  bool held(ThreadId thread, std::uint64_t step) const { return step < all_end_ && end_of(thread) > step; }

  // The step at which the first hold of a candidate ends; `otherwise` without one,
  // or if that is earlier.
  std::uint64_t first_end(const Situation& s, std::uint64_t otherwise) const;

  // Every candidate is held. Spinners may burn the steps. Time may pass, as during a
  // sleep, where that is wanted and a sleeper is near; with a coin, so that a hold
  // that only sleepers can see ends at some point. Else the first hold to end ends.
  ThreadId answer_when_all_are_held(const Situation& s, bool time_may_pass, rt::Rng& rng);

 private:
  std::uint64_t end_of(ThreadId thread) const { return thread < until_.size() ? until_[thread] : 0; }

  std::vector<std::uint64_t> until_;  // by thread: step
  std::uint64_t all_end_ = 0;         // step
};

}  // namespace jitterbug
