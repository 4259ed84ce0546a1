#pragma once
// What jitterbug_native says: for a person, and as JSON.

#include <string>

#include "harness/native/hunt.h"
#include "harness/native/score.h"

namespace jitterbug {

std::string native_progress_text(const NativeTally& tally);

std::string native_finding_text(const Finding& finding);

std::string native_hunt_text(const NativeHunt& hunt, const NativeHuntResult& result);
std::string native_hunt_json(const NativeHunt& hunt, const NativeHuntResult& result);

std::string native_replay_text(const Plan& plan, const NativeHuntResult& result);
std::string native_replay_json(const Plan& plan, const NativeHuntResult& result);
// The trace of the first run that failed, as a file.
std::string native_trace_text(const Plan& plan, const NativeHuntResult& result);

std::string native_score_text(const NativeScore& request, const NativeScoreResult& result);
std::string native_score_json(const NativeScore& request, const NativeScoreResult& result);

// "windows", "safeguards", "stressors" or "noise".
std::string native_list_text(const std::string& what);
std::string native_list_json(const std::string& what);

}  // namespace jitterbug
