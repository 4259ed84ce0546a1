#pragma once
// What is known about one run once it is over, and about a finding: a run that
// stands for all that failed in the same way.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
  bool failed = false;
  bool crashed = false;     // the process died; digest and decisions are unknown
  std::string oracle;       // set when failed
  std::string sentence;
  std::string detail;       // of a crash: the end of what the process printed
  std::uint64_t digest = 0;
  std::uint64_t decisions = 0;
  std::uint64_t switches = 0;
  bool safeguard_reached = false;
  std::vector<WindowAt> last_windows;                   // when failed
  std::map<std::string, std::int64_t> parameters;       // drawn and fixed
  std::vector<std::string> trace;                       // rendered steps, when asked for

  bool operator==(const Record&) const = default;
};

struct Finding {
  Plan plan;
  Record record;            // of the lowest schedule that failed this way
  std::uint64_t count = 1;  // schedules that failed this way
};

// Of a run that took its process down; `how` it did is the sentence.
Record crash_record(const std::string& how);

// Findings with equal keys are one finding: same oracle, same sentence but for its
// numbers, same windows at the failure.
std::string finding_key(const Record& record);

// Failures with equal kinds fail alike, wherever they do: same oracle, same sentence
// up to the particulars of the run.
std::string failure_kind(const Record& record);

// A record as one line of text without a line break, and back. Throws ToolError
// for a line that no write_record() made.
std::string write_record(const Record& record);
Record read_record(const std::string& line);

}  // namespace jitterbug
