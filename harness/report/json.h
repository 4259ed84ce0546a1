#pragma once
// The machine-readable twin of every report: one JSON object, ending with a line break.

#include <string>

#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/campaign/score.h"
#include "harness/report/text.h"

namespace jitterbug {

std::string hunt_json(const HuntRequest& request, const BatchResult& result);
// As hunt_json(), but "windows" are the levels of each, and "pairs" those of windows.
std::string coverage_json(const HuntRequest& request, const BatchResult& result);
std::string score_json(const ScoreRequest& request, const Score& score);
std::string replay_json(const ReplayRequest& request, const Replay& replay, const OfSchedule* schedule = nullptr);

// What score_json() wrote in another process. Throws ToolError.
Score read_score_json(const std::string& text);

}  // namespace jitterbug
