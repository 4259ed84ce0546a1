#pragma once
// One step of a run as a line of text: virtual time, thread, operation, where.

#include <string>

#include "harness/sim/machine.h"

namespace jitterbug {

const char* to_string(rt::engine::OpKind kind);

//   "    12.350us  t3  window       startm_id_reserve (1.1)   runtime/sched/start_m.cc:41"
std::string trace_line(const TraceStep& step);

}  // namespace jitterbug
