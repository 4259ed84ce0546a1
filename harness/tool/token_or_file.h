#pragma once
// What replay and minimize are given: a token, or the path of a schedule or of an input that
// a fuzzer wrote.

#include <optional>
#include <string>

#include "harness/run/plan.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

struct Given {
  Plan plan;
  std::optional<Schedule> schedule;
};

// What begins like a token is one; everything else is a path. Throws UsageError, which names
// the column, or file and line.
Given read_token_or_file(const std::string& text);

}  // namespace jitterbug
