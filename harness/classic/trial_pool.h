#pragma once
// Runs trials in worker processes that share one queue of them. A run that takes its
// process with it, or takes longer than hang_seconds of real time, has shown a bug of its
// program; another process goes on with the next trial. A process that is killed from
// outside has its trial begun again, once.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/classic/trial.h"

namespace jitterbug::classic {

struct TrialPlan {
  const ProgramInfo* program;
  std::string strategy;
  std::uint64_t seed;
  std::uint64_t schedules;  // at most
};

struct PoolProgress {
  double seconds = 0;
  std::uint64_t trials = 0;  // done
  std::uint64_t trials_of = 0;
  std::uint64_t schedules = 0;
  std::uint64_t decisions = 0;
};

struct PooledTrials {
  std::vector<std::optional<TrialResult>> results;  // by plan; empty: it has not come to its end
  double seconds = 0;                               // of real time
  bool interrupted = false;
};

// `progress`, if there is one, is called several times a second. Results do not depend
// on the number of processes. Throws ToolError when processes cannot be had or one of
// them fails outside of a run. The caller has no other threads. A Ctrl-C (base/interrupt.h) ends it
// after the schedules under way.
PooledTrials run_trials(const std::vector<TrialPlan>& plans, int jobs,
                        const std::function<void(const PoolProgress&)>& progress, double hang_seconds = 20);

}  // namespace jitterbug::classic
