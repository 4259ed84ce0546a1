#pragma once
// What a person reads at the end of a verb.

#include <string>

#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/campaign/score.h"

namespace jitterbug {

// Oracle, sentence, stressor and parameters, token, how to replay it, the last
// window of each thread.
std::string finding_text(const Finding& finding);

// The findings, one of each oracle and sentence, then the summary line.
std::string hunt_text(const HuntRequest& request, const BatchResult& result);

std::string score_text(const ScoreRequest& request, const Score& score);

std::string replay_text(const ReplayRequest& request, const Replay& replay);

}  // namespace jitterbug
