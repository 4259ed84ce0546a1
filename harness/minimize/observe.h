#pragma once
// Every step of one replay, with some counters of the scheduler at each: what a printed
// interleaving shows.

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

// The counters that wake-ups are decided by.
struct StateWords {
  int nmspinning = 0;
  int needspinning = 0;
  int npidle = 0;
  int queued = 0;  // Gs on the global queue and on those of the Ps

  bool operator==(const StateWords&) const = default;
};

// A thread stands before an operation, which it performs when it next runs.
struct ObservedStep {
  Point point;
  std::optional<StateWords> words;  // none: the runtime has not started, or is over
};

struct Observed {
  std::vector<ObservedStep> steps;  // of the storm
  Record record;
};

// Replays in a process of its own. The plan has passed check_plan().
Observed observe(const Plan& plan, const Schedule& schedule);

}  // namespace jitterbug
