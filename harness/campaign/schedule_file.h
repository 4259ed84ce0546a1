#pragma once
// A schedule in a file, and the plan its token stands for.

#include <string>

#include "harness/campaign/plan.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ScheduleFile {
  Plan plan;
  Schedule schedule;
};

// Throws UsageError naming file, line and what is wrong.
ScheduleFile read_schedule_file(const std::string& path);

}  // namespace jitterbug
