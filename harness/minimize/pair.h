#pragma once
// The one order of two steps that decides a minimised run: in this order it fails, the other
// way round it passes.
//
// A schedule of several preemptions has several such pairs. They are ranked by how much they
// tell a reader:
//
//   8   the thread is held for few steps. One that is held until the others have nothing left
//       to do proves only that something is missing: a lost wake-up shows when no later wake
//       makes up for it, and the pair then names the absence of that wake
//   4   the thread is held at a window that cites an issue: a race that has happened
//   2   or at any other window
//   3   the other thread's step is beside a window that cites the same issue or commit

#include <optional>

#include "harness/minimize/attempts.h"
#include "harness/minimize/minimize.h"

namespace jitterbug {

struct RankedPair {
  std::optional<AdjacentPair> pair;  // empty: no choice preempts a thread, or no single step decides
  int rank = 0;
};

inline constexpr int held_shortly_rank = 8;
inline constexpr int known_race_rank = 4;
inline constexpr int window_rank = 2;
inline constexpr int same_issue_rank = 3;
inline constexpr int best_pair_rank = held_shortly_rank + known_race_rank + same_issue_rank;

// The pair of the highest rank among those of the choices. The rank for the same issue is
// added to that pair alone: it compares schedules, not the pairs of one.
RankedPair find_pair(Attempts& attempts, const Choices& choices);

}  // namespace jitterbug
