#pragma once
// What the caller asks jitterbug_native to do. Flags and their meanings are those of
// jitterbug where both have them.

#include <optional>
#include <span>
#include <string>

#include "harness/native/hunt.h"
#include "harness/native/score.h"

namespace jitterbug {

enum class NativeVerb { hunt, score, replay, list };

struct NativeCommand {
  NativeVerb verb = NativeVerb::hunt;
  NativeHunt hunt;
  NativeScore score;
  NativeReplay replay;
  std::string listing;
  bool listing_as_json = false;
  std::string trace_path;   // verb replay; empty: none
  std::string json_path;    // empty: none; "-": standard output, instead of the text
  bool quiet = false;
};

// Throws UsageError for anything that is not a sound request. Empty: the caller asked
// for help and has it.
std::optional<NativeCommand> parse_native_command_line(int argc, char** argv);

}  // namespace jitterbug
