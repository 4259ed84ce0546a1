#pragma once
// A step of a simulated run as a line of text.

#include <string>

#include "harness/sim/machine.h"

namespace jitterbug {

// In virtual time.
//   "    12.350us  t3   window       startm_id_reserve (1.1)   runtime/sched/thread.cc:40"
std::string trace_line(const TraceStep& step);

}  // namespace jitterbug
