#pragma once
// Every step of one replay, with the state words of the scheduler at each.

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

// The words that the scheduler decides by.
struct StateWords {
  int nmspinning = 0;
  int needspinning = 0;
  int npidle = 0;
  int queued = 0;  // Gs on the global queue and on those of the Ps

  bool operator==(const StateWords&) const = default;
};

// A thread has come to an operation, which it performs when it runs on.
struct ObservedStep {
  Point point;
  std::optional<StateWords> words;  // none: the runtime is not there yet, or gone
};

struct Observed {
  std::vector<ObservedStep> steps;  // of the storm
  Record record;
};

// In a process of its own. The plan has passed check_plan().
Observed observe(const Plan& plan, const Schedule& schedule);

}  // namespace jitterbug
