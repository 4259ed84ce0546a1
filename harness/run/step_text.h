#pragma once
// One step of a run as a line of text: time, thread, operation, where. In the words of
// both flavours that report steps.

#include <string>

#include "runtime/os/engine.h"

namespace jitterbug {

const char* to_string(rt::engine::OpKind kind);

//   "    12.350us  m#3          window       startm_id_reserve (1.1)   runtime/sched/thread.cc:40"
std::string step_line(rt::Duration since_start, const std::string& thread, const rt::engine::Op& op);

}  // namespace jitterbug
