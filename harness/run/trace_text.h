#pragma once
// A step of a simulated run, as a value and as a line of text.

#include <string>

#include "runtime/os/engine.h"

namespace jitterbug {

struct TraceStep {
  rt::engine::ThreadId thread;
  rt::engine::Op op;
  rt::Instant at;          // of virtual time
  rt::engine::Name name;   // of the word that the operation is on, as it was called then
};

// In virtual time.
//   "    12.350us  t3   store release   P3.status   runtime/sched/thread.cc:40"
std::string trace_line(const TraceStep& step);

}  // namespace jitterbug
