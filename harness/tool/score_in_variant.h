#pragma once
// Scoring a row of kind patch: the tool that has the patch compiled in is asked.

#include "harness/campaign/score.h"

namespace jitterbug {

// Throws ImpossibleError if that tool was not built, ToolError if it fails.
Score score_in_variant(const Defect& defect, const ScoreRequest& request);

}  // namespace jitterbug
