#pragma once
// Minimising: from a run that fails to the fewest choices that still make it fail, and
// to the one order of two steps that decides it. In the same way, unless fewer choices
// fail in another one: what a defect comes to depends on what happens beside it.
//
// First a simpler run is looked for: the same program and parameters under schedules
// of few preemptions. Then its choices are reduced, see reduce.h.

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
  std::optional<Point> towards;  // the window that its thread comes to by it or next; none: the run ends first
  Point held;              // ... this one, for the run to fail
  std::uint64_t steps = 0;  // that other threads take in between, `first` included

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
  bool another_way = false;           // it fails in another way than was asked for, with fewer choices
  std::size_t recorded = 0;           // choices it began with
  std::uint64_t runs = 0;
  std::uint64_t crashes = 0;          // runs that took their process down
  std::vector<OtherFailure> others;   // empty: without any one choice the run passes
  std::optional<AdjacentPair> pair;   // none: nobody is preempted
};

struct MinimizeRequest {
  Plan plan;
  std::optional<Schedule> schedule;  // what to begin with; none: the plan's own run
};

// In a process of its own; for a run that takes its process down, in as many as it
// takes: that the process dies in the same way is then the failure. Throws as
// check_plan() does, and ImpossibleError when the run passes, when it hangs, or when
// its own schedule does not make it fail.
Minimized minimize(const MinimizeRequest& request);

}  // namespace jitterbug
