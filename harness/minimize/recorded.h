#pragma once
// The schedule of a plan's own run, all of it.


#include "harness/run/plan.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

// Of a run that fails, and does so when the schedule is replayed. In processes of their own. Throws as
// minimize() does.
Schedule recorded_schedule(const Plan& plan);

}  // namespace jitterbug
