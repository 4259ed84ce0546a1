#pragma once
// Replaying a token: the same run again, and again, with the proof that it was. Or a
// schedule: its choices again, in whatever scheduler this is.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/campaign/pool.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ReplayRequest {
  Plan plan;
  std::uint64_t times = 1;
  std::size_t trace_steps = 0;  // steps of trace in the record, the last of the run
  std::optional<Schedule> schedule = {};  // of a file: decides instead of the plan's strategy
  std::string path = {};                  // of that file
};

struct Replay {
  Record record;             // of the first run
  std::uint64_t times = 0;   // runs made
  bool identical = true;     // every run had the first one's digest, oracle and sentence
  bool interrupted = false;
  std::string divergence;    // of a schedule: the first choice that could not be made, and why
};

// Throws as check_plan() does.
Replay replay(const ReplayRequest& request, const ProgressCallback& progress);

}  // namespace jitterbug
