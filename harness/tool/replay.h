#pragma once
// jitterbug replay: what its two halves share. Tokens are replayed in any flavour, schedules in
// the simulation only.

#include <optional>
#include <string>

#include "harness/base/errors.h"
#include "harness/base/output_file.h"
#include "harness/campaign/replay.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ReplayCommand {
  ReplayRequest request;
  std::string path;       // of the schedule
  std::string json_path;  // as Report takes it
  std::string trace_path;  // empty: none
  bool quiet = false;
};

// Replays a schedule. Null where that is not linked, and no plan of a schedule can be run.
using ScheduleReplayer = Exit (*)(const ReplayCommand& command, const Schedule& schedule);
extern ScheduleReplayer schedule_replayer;

// The exit code of a replay whose report has been delivered. Throws ImpossibleError when its
// runs were not the same.
Exit exit_of(const Replay& replay);

}  // namespace jitterbug
