#pragma once
// Replaying a token: the same run again, and again, with the proof that it was.

#include <cstddef>
#include <cstdint>

#include "harness/campaign/pool.h"

namespace jitterbug {

struct ReplayRequest {
  Plan plan;
  std::uint64_t times = 1;
  std::size_t trace_steps = 0;  // steps of trace in the record, the last of the run
};

struct Replay {
  Record record;             // of the first run
  std::uint64_t times = 0;   // runs made
  bool identical = true;     // every run had the first one's digest, oracle and sentence
  bool interrupted = false;
};

// Throws as check_plan() does.
Replay replay(const ReplayRequest& request, std::span<const Stressor> stressors, const ProgressCallback& progress);

}  // namespace jitterbug
