#pragma once
// What workers tell their parent while they run, in memory both map: how far they
// are, so that a crash can be pinned on a plan, and sums for the progress line.

#include <array>
#include <atomic>
#include <cstdint>

#include "harness/campaign/portfolio.h"
#include "harness/campaign/statistics.h"
#include "harness/coverage/coverage.h"
#include "harness/run/window_set.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

// One worker's words. The worker writes them. The parent reads, and writes while no
// worker of this number runs.
struct alignas(64) WorkerState {
  std::atomic<std::uint64_t> index{0};         // of the schedule it is at, or was at last
  std::atomic<std::uint64_t> next{0};          // the first of its share that is not reported and counted
  std::atomic<std::uint8_t> member{0};         // of the portfolio that runs it, if one does
};

// Zero-filled memory is a valid initial state.
struct SharedState {
  static constexpr int workers_max = 64;
  static constexpr std::size_t workloads_max = 256;

  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> decisions{0};
  std::atomic<std::uint64_t> safeguard_reached{0};  // runs in which the lifted step was asked for
  SharedWindowSet entered;
  SharedWindowSet switched;
  std::atomic<std::uint64_t> runs_of[workloads_max] = {};  // by workload
  ClassCensus classes_of[workloads_max];                   // by workload
  PortfolioTally portfolio_of[workloads_max];              // by workload
  SharedCoverage coverage;
  WorkerState workers[workers_max];
};

}  // namespace jitterbug
