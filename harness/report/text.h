#pragma once
// What a person reads at the end of a verb.

#include <string>

#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/campaign/score.h"

namespace jitterbug {

// Oracle, sentence, workload and parameters, token, how to replay it, the last
// window of each thread.
std::string finding_text(const Finding& finding);

// "found O3 jb1:...", for the moment in which it is.
std::string announcement_text(const Finding& finding);

// What the silence of the schedules that passed is worth.
std::string statistics_text(const Tally& tally);

// The findings, one of each oracle and invariant, then the summary line.
std::string hunt_text(const HuntRequest& request, const BatchResult& result);

std::string score_text(const ScoreRequest& request, const Score& score);

// Of a replay: the schedule that decided instead of the plan's strategy.
struct OfSchedule {
  std::string path;
  std::string divergence;  // the first choice that could not be made, and why; empty: none
};

std::string replay_text(const ReplayRequest& request, const Replay& replay, const OfSchedule* schedule = nullptr);

}  // namespace jitterbug
