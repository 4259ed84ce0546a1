#pragma once
// A run's trace as a file.

#include <cstddef>
#include <string>

#include "harness/run/record.h"

namespace jitterbug {

// Steps of a simulated run that the file holds at most.
inline constexpr std::size_t trace_file_steps_max = 1'000'000;

// The token, the steps of the record's trace, how it failed, and what a process that died
// of it had printed.
std::string trace_file_text(const Plan& plan, const Record& record);

}  // namespace jitterbug
