#pragma once
// A scripted race: a workload, and the interleaving of it that shows a race, told in windows
// and thread roles (harness/script/script.h). With its fix the scheduler passes; without, it
// fails every time, in the simulation and on real threads.
//
// A race is known where its object is linked, as a workload is, and is a workload itself.

#include <span>
#include <string_view>

#include "harness/scene/workload.h"

namespace jitterbug {

struct Race {
  Workload workload;      // with its script
  const char* reference;  // the fix and its issue in the Go project
  const char* rows;       // of the bank: each takes the fix out, and the run then fails
};

// All that are linked, in order of name.
std::span<const Race> races();
const Race* find_race(std::string_view name);  // null: unknown

class RegisteredRaces {
 public:
  explicit RegisteredRaces(std::span<const Race> some);
};

}  // namespace jitterbug
