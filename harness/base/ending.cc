#include "harness/base/ending.h"

#include <sys/wait.h>

#include <csignal>

#include "harness/base/process.h"

namespace jitterbug {
namespace {

// The line with which a sanitizer ends its report, without its first word. Empty: none.
std::string sanitizer_summary(const std::string& output) {
  constexpr std::string_view mark = "SUMMARY: ";
  const std::size_t at = output.rfind(mark);
  if (at == std::string::npos || (at > 0 && output[at - 1] != '\n')) return "";
  const std::size_t from = at + mark.size();
  return output.substr(from, output.find('\n', from) - from);
}

}  // namespace

bool killed_from_outside(const Ending& ending) {
  return !ending.hung && !ending.babbled && WIFSIGNALED(ending.status) && WTERMSIG(ending.status) == SIGKILL;
}

std::string sentence_of(const Ending& ending) {
  if (ending.hung) {
    return "a run did not end within " + std::to_string(static_cast<long>(ending.hang_seconds)) +
           " s of real time: it loops without a step";
  }
  if (ending.babbled) return "the process sent nonsense to the harness: its memory is damaged";
  const std::string how = how_it_ended(ending.status) + (ending.in_a_run ? " in a run" : " after a run");
  if (ending.killed_again) return how + ", and again when the run was repeated: for want of memory, or by somebody";
  if (const std::string summary = sanitizer_summary(ending.output); !summary.empty()) return summary;
  switch (ending.distress) {
    case Distress::stack_overflow: return "stack overflow: " + how;
    case Distress::out_of_memory:
      return "out of memory: " + how + " that asked for more than the " + std::to_string(ending.memory_bytes >> 20) +
             " MiB it may have";
    case Distress::none: return how;
  }
  return how;
}

}  // namespace jitterbug
