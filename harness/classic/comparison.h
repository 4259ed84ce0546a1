#pragma once
// What strategies are worth: schedules to the first bug of each program under each
// strategy, over several trials, in worker processes.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/classic/trial_pool.h"

namespace jitterbug::classic {

struct ComparisonRequest {
  std::vector<std::string> programs;    // names
  std::vector<std::string> strategies;  // names
  std::uint64_t trials = 20;
  std::uint64_t schedules = 10'000;  // of a trial, at most
  std::uint64_t seed = 1;            // trial t starts from the same seed for all programs and strategies
  int jobs = 1;                      // processes
};

// The trials of one program under one strategy.
struct Entry {
  std::string program;
  std::string strategy;
  std::vector<TrialResult> trials;  // those that came to their end, in order

  std::uint64_t found() const;
  double mean() const;  // schedules to the first bug, over the trials that found it; 0: none did
};

struct Comparison {
  std::vector<Entry> entries;  // programs in order of the request; within one, strategies
  double seconds = 0;
  bool interrupted = false;
};

// "all", or names separated by commas, each at most once in the answer. Throw
// UsageError, which names the option, for a name that does not exist or for none.
std::vector<std::string> programs_named(std::string_view list);
std::vector<std::string> strategies_named(std::string_view list);

// Every name of the request exists. Throws ToolError when processes cannot be had or
// one fails outside of a run. One at a time per process; the caller has no other threads. After a
// Ctrl-C (base/interrupt.h) it returns what is there.
Comparison compare(const ComparisonRequest& request, const std::function<void(const PoolProgress&)>& progress);

}  // namespace jitterbug::classic
