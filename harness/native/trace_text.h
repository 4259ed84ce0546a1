#pragma once
// The trace of a run on real threads as lines of text, in order of time.

#include <string>
#include <vector>

#include "harness/native/native_trace.h"

namespace jitterbug {

// The trace may have been left behind by a process that has died of its run.
//   "     12.350us  m#3          store release   P3.status   runtime/sched/thread.cc:40"
std::vector<std::string> native_trace_lines(const NativeTrace& trace);

}  // namespace jitterbug
