#pragma once
// The one order of two steps that decides a minimised run: this before that.

#include <optional>

#include "harness/minimize/attempts.h"
#include "harness/minimize/minimize.h"

namespace jitterbug {

struct RankedPair {
  std::optional<AdjacentPair> pair;  // empty: nobody is preempted, or no preemption is decided by one step
  int rank = 0;                      // how much it tells, among pairs of other choices that fail alike
};

// Of several pairs that decide the run the one that tells most. Much tells one whose
// thread is not held for long: a lost wake-up that later ones would make up for shows
// only when there are none, and then the pair speaks of their absence. Then one whose
// thread is held in the window of a known race. Schedules are told apart also by
// whether the other thread comes by a window that cites the same issue or commit.
inline constexpr int best_pair_rank = 15;
RankedPair find_pair(Attempts& attempts, const Choices& choices);

}  // namespace jitterbug
