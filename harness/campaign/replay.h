#pragma once
// Replaying a token: the same run again, and again, with the proof that it was. On real threads:
// the same draws, as often as it takes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/campaign/pool.h"

namespace jitterbug {

struct ReplayRequest {
  Plan plan;
  std::uint64_t times = 1;
  std::size_t trace_steps = 0;  // steps of trace in the record, the last of the run
  double hang_seconds = 0;      // as in Batch
};

struct Replay {
  Record record;             // of the first run; where runs differ, of the first that failed
  std::uint64_t times = 0;   // runs made
  std::uint64_t failures = 0;
  std::vector<Finding> findings;  // all ways to fail
  bool identical = true;     // every run had the first one's digest and failure
  bool interrupted = false;
};

// Throws as Backend::check.
Replay replay(const ReplayRequest& request, const ProgressCallback& progress);

// Both are the same run.
bool same_run(const Record& a, const Record& b);

}  // namespace jitterbug
