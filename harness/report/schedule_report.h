#pragma once
// What a person reads about a schedule.

#include <string>

#include "harness/minimize/minimize.h"
#include "harness/minimize/replay_schedule.h"

namespace jitterbug {

// "m#2 passes W (8.1: ...) before sysmon#1 leaves V (1.1: ...); the other way round the
// run passes."
std::string pair_sentence(const AdjacentPair& pair);

// The choices with what their windows stand for, the pair, what the search took.
std::string minimized_text(const Minimized& minimized);
std::string minimized_json(const Minimized& minimized);
// The schedule as a file, with the pair in a comment.
std::string schedule_file_text(const Minimized& minimized);

// Where the replay of a schedule left it, and whether it failed in another way than
// the schedule says; empty: nowhere, and it did not.
std::string divergence_text(const Schedule& schedule, const ScheduleReplay& replayed);

}  // namespace jitterbug
