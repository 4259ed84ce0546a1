#pragma once
// Minimising: from a run that fails to the fewest choices that still make it fail, and to the
// one order of two steps that decides.
//
// First a simpler run is looked for, of the same program and parameters under a schedule of
// few preemptions. Then its choices are reduced, see reduce.h.
//
// The result fails in the same way as the run did, with one exception. One defect may end in
// several failures, depending on what else happens. If leaving out a choice leads to another
// failure, the search goes on for that one, because it takes fewer choices.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

// Two steps of two threads. In this order the run fails; when `held` is let go on one
// step earlier, before `first` is performed, it passes.
struct AdjacentPair {
  std::size_t choice = 0;  // of the schedule: the preemption of the thread that is held
  Point first;             // the operation that must be performed before ...
  std::optional<Point> towards;  // the window at `first`, or the next one of its thread; none: the run ends before
  Point held;              // ... this one, for the run to fail
  std::uint64_t steps = 0;  // of other threads while `held` waits, `first` included

  bool operator==(const AdjacentPair&) const = default;
};

// A choice without which the run fails as well, but in another way.
struct OtherFailure {
  std::size_t choice = 0;
  std::string how;  // oracle and sentence

  bool operator==(const OtherFailure&) const = default;
};

struct Minimized {
  Schedule schedule;
  bool minimal = false;               // 1-minimal: without any one choice the run does not fail like this
  Record record;                      // of its run
  bool another_way = false;           // it fails in another way than the run did, with fewer choices
  std::size_t recorded = 0;           // choices of the run at the beginning
  std::uint64_t runs = 0;
  std::uint64_t crashes = 0;          // runs that took their process down
  std::vector<OtherFailure> others;   // empty: without any one choice the run passes
  std::optional<AdjacentPair> pair;   // none: no single step decides
};

struct MinimizeRequest {
  Plan plan;
  std::optional<Schedule> schedule;  // the run to begin with; none: the plan's own
};

// Works in a process of its own. A run that takes its process down fails by that: then each
// attempt has a process, and fails in the same way if the process dies in the same way. Throws
// as check_plan() does, and ImpossibleError when the run passes, when it hangs, or when its
// own schedule does not make it fail again.
Minimized minimize(const MinimizeRequest& request);

}  // namespace jitterbug
