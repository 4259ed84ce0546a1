#pragma once
// What is known about one run once it is over, and about a finding: a run that
// stands for all that failed in the same way.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/ending.h"
#include "harness/run/failure.h"
#include "harness/run/plan.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

// The last race window a thread passed before the run failed.
struct WindowAt {
  std::string thread;  // its role
  rt::Window window;

  bool operator==(const WindowAt&) const = default;
};

struct Record {
  std::uint64_t index = 0;  // of the schedule in its campaign
  std::string strategy;     // under which it ran: of a portfolio, the member
  std::optional<Failure> failure;
  bool crashed = false;     // the process died; digest and decisions are unknown
  std::string detail;       // of a crash: the end of what the process printed
  std::uint64_t digest = 0;
  std::uint64_t decisions = 0;
  std::uint64_t switches = 0;
  bool safeguard_reached = false;
  std::vector<WindowAt> last_windows;                   // when failed
  std::map<std::string, std::int64_t> parameters;       // drawn and fixed
  std::vector<std::string> trace;                       // rendered steps, when asked for

  bool failed() const { return failure.has_value(); }
  bool operator==(const Record&) const = default;
};

struct Finding {
  Plan plan;
  Record record;            // of the lowest schedule that failed this way
  std::uint64_t count = 1;  // schedules that failed this way
};

// Of a run that took its process down.
Record crash_record(const Ending& ending);

// Whether findings at different windows are different findings. Where the threads stood
// differs from run to run of one defect: a person wants to see it once.
enum class AtWindows : std::uint8_t { told_apart, alike };

// Of runs that failed: those with equal keys are one finding. Same oracle, same invariant,
// and, where they are told apart, the same windows at the failure.
std::string finding_key(const Record& record, AtWindows windows);

// A record as one line of text without a line break, and back. Throws ToolError
// for a line that no write_record() made.
std::string write_record(const Record& record);
Record read_record(const std::string& line);

}  // namespace jitterbug
