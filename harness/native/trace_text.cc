#include "harness/native/trace_text.h"

#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "harness/run/step_text.h"

namespace jitterbug {
namespace {

bool holds(const dl_phdr_info& object, std::uintptr_t address) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const auto& segment = object.dlpi_phdr[i];
    const bool constant = segment.p_type == PT_LOAD && (segment.p_flags & PF_R) != 0 && (segment.p_flags & PF_W) == 0;
    const std::uintptr_t from = object.dlpi_addr + segment.p_vaddr;
    if (constant && address >= from && address - from < segment.p_memsz) return true;
  }
  return false;
}

// Names, of files and of words, are constants of this program, whose image the run's process had as
// well. What points elsewhere was not written by the engine.
bool is_constant(const char* text) {
  auto address = reinterpret_cast<std::uintptr_t>(text);
  return dl_iterate_phdr([](dl_phdr_info* object, std::size_t,
                            void* at) -> int { return holds(*object, *static_cast<std::uintptr_t*>(at)) ? 1 : 0; },
                         &address) != 0;
}

std::string thread_text(const NativeStep& step) {
  std::string name = step.role;
  std::replace_if(name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  char text[32];
  std::snprintf(text, sizeof text, "%-12s", (name + "#" + std::to_string(step.thread)).c_str());
  return text;
}

}  // namespace

std::vector<std::string> native_trace_lines(const NativeTrace& trace) {
  std::vector<std::string> lines;
  const std::vector<NativeStep> steps = trace.steps();
  for (NativeStep step : steps) {
    if (!is_constant(step.file)) step.file = "?";
    if (!is_constant(step.name.text)) step.name = {};
    // Times may be anything as well.
    const auto since = static_cast<std::uint64_t>(step.at) - static_cast<std::uint64_t>(steps.front().at);
    lines.push_back(step_line(static_cast<rt::Duration>(since), thread_text(step), operation_text(step.op, step.name),
                              step.file, step.line));
  }
  return lines;
}

}  // namespace jitterbug
