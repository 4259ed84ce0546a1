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

bool ended_well(const Ending& ending) {
  return !ending.busy && !ending.protocol_broken && WIFEXITED(ending.status) && WEXITSTATUS(ending.status) == 0;
}

bool killed_from_outside(const Ending& ending) {
  if (ending.hung || ending.protocol_broken || !WIFSIGNALED(ending.status)) return false;
  return WTERMSIG(ending.status) == SIGKILL || ending.distress == Distress::signalled;
}

bool has_report(const Ending& ending) { return !sanitizer_summary(ending.output).empty(); }

std::string sentence_of(const Ending& ending) {
  if (ending.hung) {
    return "a run did not end within " + std::to_string(static_cast<long>(ending.hang_seconds)) +
           " s of real time: it loops without a step";
  }
  if (ending.protocol_broken) return "the process sent nonsense to the harness: its memory is damaged";
  const std::string how = how_it_ended(ending.status) + (ending.busy ? " in a run" : " after a run");
  if (const std::string summary = sanitizer_summary(ending.output); !summary.empty()) return summary;
  switch (ending.distress) {
    case Distress::stack_overflow: return "stack overflow: " + how;
    case Distress::out_of_memory:
      return "out of memory: " + how + " that asked for more than the " + std::to_string(ending.memory_bytes >> 20) +
             " MiB it may have";
    case Distress::signalled:
    case Distress::none: return how;
  }
  return how;
}

std::string invariant_of(const Ending& ending) {
  if (ending.hung) return "a run comes to its end";
  if (ending.protocol_broken) return "a run leaves the memory of the harness alone";
  if (const std::string summary = sanitizer_summary(ending.output); !summary.empty()) return "no report: " + summary;
  switch (ending.distress) {
    case Distress::stack_overflow: return "no stack overflows";
    case Distress::out_of_memory: return "a run makes do with the memory it has";
    case Distress::signalled:
    case Distress::none: break;
  }
  return "a run leaves its process alive: " + how_it_ended(ending.status);
}

}  // namespace jitterbug
