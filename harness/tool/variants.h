#pragma once
// Rows of kind patch need a scheduler that was compiled differently: another binary
// with the same verbs. This one hands over to it, or asks it.

#include "harness/campaign/score.h"

namespace jitterbug {

// Becomes the variant of a row, with the same arguments. Throws ImpossibleError if
// there is none. Does not return.
[[noreturn]] void become_variant(const std::string& row, char** argv);

// Has the variant of a row score it. Throws ImpossibleError if there is none,
// ToolError if it fails.
Score score_in_variant(const Defect& defect, const ScoreRequest& request);

}  // namespace jitterbug
