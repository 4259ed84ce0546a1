#pragma once
// A comparison as a person and as a program read it.

#include <string>

#include "harness/classic/comparison.h"

namespace jitterbug::classic {

// A table, a row per program; beside our figures those that were published.
std::string comparison_text(const ComparisonRequest& request, const Comparison& comparison);
// One JSON object, ending with a line break; each trial's figure is in it.
std::string comparison_json(const ComparisonRequest& request, const Comparison& comparison);
std::string progress_text(const PoolProgress& at);

// "185.0", "3225 (16/20)" where not all trials found it, "0/20".
std::string entry_text(const Entry& entry);

}  // namespace jitterbug::classic
