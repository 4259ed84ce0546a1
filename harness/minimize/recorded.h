#pragma once
// The schedule of a plan's own run, with every choice.

#include "harness/run/plan.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

// The run must fail, and fail again when its schedule is replayed; each of the two has a
// process of its own. Throws as minimize() does.
Schedule recorded_schedule(const Plan& plan);

}  // namespace jitterbug
