#pragma once
// A sample of what campaigns run, and what each run of it comes down to. Equal
// numbers are expected of two machines in one process, of two processes, of two
// compilers and of two optimisation levels.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/run/plan.h"
#include "harness/simulated/runner.h"

namespace jitterbug {

// Plan number `index` of the sample: workloads in turns, strategies in turns, and
// now and then a lifted safeguard, because findings have to be the same too.
// A function of the index alone.
Plan sample_plan(std::uint64_t index);

// One word for a run: its steps, its counts, the windows it passed, its parameters,
// its verdict.
std::uint64_t outcome(const Record& record, const Runner& runner);

struct SampleDigest {
  std::string workload;
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  std::uint64_t digest = 0;  // of the outcomes, in order
};

// Runs `schedules` plans of the sample, beginning with number `first`; one entry
// per workload.
std::vector<SampleDigest> digest_sample(std::uint64_t first, std::uint64_t schedules);

}  // namespace jitterbug
