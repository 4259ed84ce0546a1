#pragma once
// Reads a schedule file and the plan of its token; or a file that holds a token alone.

#include <optional>
#include <string>

#include "harness/run/plan.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ScheduleFile {
  Plan plan;
  Schedule schedule;
};

// Throws UsageError naming file, line and what is wrong.
ScheduleFile read_schedule_file(const std::string& path);

// The plan of a file whose first line is a token, as a fuzzer's input is; none: the file
// begins with something else. Throws UsageError for a token that is damaged.
std::optional<Plan> read_token_file(const std::string& path);

}  // namespace jitterbug
