#pragma once
// One worker process of a pool.

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/campaign/pool.h"
#include "harness/campaign/shared_state.h"

namespace jitterbug {

struct WorkerJob {
  const Batch* batch;
  std::span<const Stressor> stressors;
  SharedState* shared;
  int number;               // of the worker, 0 .. jobs - 1
  std::uint64_t first;      // schedule it starts with
  std::int64_t deadline;    // monotonic ns after which no run starts; 0: none
  int reports;              // pipe to the parent
  int output;               // file that holds what it prints; -1: none
};

// The place of a stressor in the list.
std::size_t number_of(std::span<const Stressor> stressors, std::string_view name);

// Lines a worker sends: those of run_report.h, and "!message": it cannot go on.
// Runs the worker's share of the batch in the calling process and ends the process.
[[noreturn]] void work(const WorkerJob& job);

// Different failures a worker reports; further ones are only counted.
inline constexpr std::size_t findings_max = 1'000;

}  // namespace jitterbug
