#pragma once
// Runs a batch of plans in worker processes. A worker that crashes, is ended by a
// sanitizer, runs out of memory or hangs becomes a record of its plan, and another
// one goes on with the next plan. A worker that is killed from outside is replaced, and
// its plan is run again; one at which that happens again and again is left out.

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "harness/campaign/tally.h"
#include "harness/coverage/coverage.h"
#include "harness/run/findings.h"
#include "harness/run/plan.h"
#include "harness/run/record.h"

namespace jitterbug {

struct BatchResult;
using SaveCallback = std::function<void(const BatchResult&)>;

struct Batch {
  // The plan of a schedule; a pure function, called in the worker and in the parent.
  std::function<Plan(std::uint64_t index)> plan_of;
  std::uint64_t schedules = std::numeric_limits<std::uint64_t>::max();
  double seconds = 0;          // time after which no run starts; 0: no limit
  int jobs = 1;                // processes; worker w runs schedules w, w + jobs, ...
  std::uint64_t enough = std::numeric_limits<std::uint64_t>::max();  // failures after which no run starts
  bool report_every_run = false;  // records of runs that pass as well
  bool coverage = false;          // runs are watched, and slower: see BatchResult::coverage
  std::size_t trace_first = 0;    // steps of trace in the record of schedule 0; where runs do not repeat, of any
  double hang_seconds = 0;        // a run that takes longer, in real time, hangs; 0: the backend's

  // Both are called while the batch runs, before anything can be lost that they
  // learn: with each finding of a new key, at once; and with all that is known so
  // far, soon after.
  FoundCallback found;
  SaveCallback save;
};

struct BatchResult {
  Tally tally;
  std::vector<Finding> findings;  // in order of schedule
  Coverage coverage;              // if asked for, else empty
  std::vector<Record> runs;       // with report_every_run, in order of schedule
  std::uint64_t left_out = 0;     // schedules whose processes were killed from outside each time
  bool interrupted = false;
  bool ended = false;             // else there is more to come
};

// Called a few times a second while the batch runs.
using ProgressCallback = std::function<void(const Tally&)>;

// Every plan of the batch has passed Backend::check. Throws ToolError when processes
// cannot be had. One at a time per process; the caller has no other threads.
BatchResult run_batch(const Batch& batch, const ProgressCallback& progress);

}  // namespace jitterbug
