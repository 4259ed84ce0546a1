#pragma once
// A plan as one line of text that survives a log, a bug report and a shell:
//
//   jb1:syscall_injector:random:seed=0x1f3c:lift=S3a:P=1:check=5d0f21aa
//
// After the version, the workload and the strategy come fields name=value in any
// order, each at most once: seed (required), lift, flavour, noise, storm, calm, edits
// (run/edits.h), and any other name for a fixed parameter. The last field is a
// checksum of what precedes.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/run/plan.h"

namespace jitterbug {

struct TokenError {
  std::size_t column = 0;  // 1-based, of the text that is wrong
  std::string message;
};

struct ParsedToken {
  std::optional<Plan> plan;
  TokenError error;  // set when there is no plan
};

// Longer ones are refused.
inline constexpr std::size_t token_length_max = 4096;

// The token of a plan; parse_token() gives the plan back. The plan's names must be
// valid (valid_name, valid_parameter_name), its flavour known.
std::string to_token(const Plan& plan);

// Checks form and checksum. Whether the workload, the strategy and the row exist is
// the business of who runs the plan.
ParsedToken parse_token(std::string_view text);

// Stressors, strategies, rows: a letter, then letters, digits and underscores.
bool valid_name(std::string_view name);
// As above, and none of the token's own field names.
bool valid_parameter_name(std::string_view name);

}  // namespace jitterbug
