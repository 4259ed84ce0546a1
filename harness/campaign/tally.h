#pragma once
// Sums over the runs of a campaign so far.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/campaign/shared_state.h"
#include "harness/campaign/statistics.h"
#include "harness/run/findings.h"

namespace jitterbug {

struct WorkloadTally {
  std::string name;
  std::uint64_t schedules = 0;
  std::uint64_t failures = 0;
  ClassCount classes;
};

struct Tally {
  double seconds = 0;
  std::uint64_t schedules = 0;
  std::uint64_t decisions = 0;
  std::uint64_t failures = 0;           // runs that failed
  std::uint64_t findings = 0;           // of different keys
  std::uint64_t safeguard_reached = 0;  // runs
  ClassCount classes;                    // of all workloads
  std::vector<WorkloadTally> workloads;  // those that ran, in order of name
  WindowSet entered;
  WindowSet switched;
};

// What `jobs` workers have done so far. The time is the caller's to add.
Tally tally_of(const SharedState& shared, int jobs, const Findings& findings);

}  // namespace jitterbug
