#pragma once
// Replaying a schedule: its choices again, in whatever scheduler this is.

#include <string>

#include "harness/campaign/replay.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ScheduleReplay {
  Replay replay;
  std::string divergence;  // the first choice that could not be made, and why; empty: none
};

// Throws as check_plan(). The process that runs it may die of it.
ScheduleReplay replay_schedule(const ReplayRequest& request, const Schedule& schedule);

}  // namespace jitterbug
