#pragma once
// A step of a simulated run, as a value and as a line of text.

#include <string>

#include "runtime/os/engine.h"

namespace jitterbug {

struct TraceStep {
  rt::engine::ThreadId thread;
  rt::engine::Op op;
  rt::Instant at;  // of virtual time
};

// In virtual time.
//   "    12.350us  t3   window       startm_id_reserve (1.1)   runtime/sched/thread.cc:40"
std::string trace_line(const TraceStep& step);

}  // namespace jitterbug
