#pragma once
// One step of a run as a line of text: time, thread, operation, where. In the words of
// both flavours that report steps.

#include <cstdint>
#include <string>

#include "runtime/os/engine.h"

namespace jitterbug {

const char* to_string(rt::engine::OpKind kind);

// "P3.queue[7]"; empty: it has no name.
std::string to_text(const rt::engine::Name& name);

// What is done to what: "store release   P3.status", in columns.
std::string operation_text(const rt::engine::Op& op, const rt::engine::Name& name);

//   "    12.350us  m#3          store release   P3.status   runtime/sched/thread.cc:40"
std::string step_line(rt::Duration since_start, const std::string& thread, const std::string& operation,
                      const char* file, std::uint32_t line);

}  // namespace jitterbug
