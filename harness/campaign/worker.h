#pragma once
// One worker process of a pool.

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/base/child.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/shared_state.h"

namespace jitterbug {

struct WorkerJob {
  const Batch* batch;
  SharedState* shared;
  int number;               // of the worker, 0 .. jobs - 1
  std::uint64_t first;      // schedule it starts with
  std::int64_t deadline;    // monotonic ns after which no run starts; 0: none
};

// Runs the worker's share of the batch in the calling process, or as much of it as the backend
// gives to one process. It sends what run_report.h says, and ends the process if it cannot go on.
void work(const WorkerJob& job, Parent& parent);

// Different failures a worker reports; further ones are only counted.
inline constexpr std::size_t findings_max = 1'000;

}  // namespace jitterbug
