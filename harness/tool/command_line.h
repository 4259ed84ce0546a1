#pragma once
// What the caller asks the tool to do.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/campaign/score.h"
#include "harness/classic/comparison.h"
#include "harness/minimize/minimize.h"

namespace jitterbug {

enum class Verb { hunt, coverage, score, replay, minimize, list, bench_strategies };

struct Command {
  Verb verb = Verb::hunt;
  HuntRequest hunt;      // verbs hunt and coverage
  ScoreRequest score;    // verb score
  ReplayRequest replay;  // verb replay
  classic::ComparisonRequest comparison;  // verb bench-strategies
  MinimizeRequest minimize;  // verb minimize
  std::string output_path;   // verb minimize: the schedule
  std::string listing;   // verb list: which
  bool listing_as_json = false;
  std::string json_path;   // empty: none; "-": standard output, instead of the text
  std::string trace_path;  // verb replay; empty: none
  bool quiet = false;      // no progress line
};

// Throws UsageError for anything that is not a sound request, workloads included.
// Empty: the caller asked for help and has it. Rows of the defect catalogue are
// given by id, whatever spelling the caller used.
std::optional<Command> parse_command_line(int argc, char** argv);

}  // namespace jitterbug
