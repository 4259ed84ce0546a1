#pragma once
// What a test leaves behind of a finding in the simulation.


#include "harness/run/record.h"

namespace jitterbug {

// In the XML: workload, seed, oracle, token. As files, named by workload and seed, in this order, for
// what comes later takes longer and may fail:
//
//   .token         what `jitterbug replay` takes
//   .trace         every step of the run
//   .interleaving  the threads of the run in lanes; then those of its minimised schedule, and
//                  the order of two steps that decides
//   .schedule      that schedule
//
// Runs it again for that, in processes of their own: it may crash or hang.
void keep_finding(const Finding& finding);

}  // namespace jitterbug
