#pragma once
// How a process that runs schedules ended, as the sentence of a finding.

#include <cstdint>
#include <string>

#include "harness/base/confine.h"

namespace jitterbug {

struct Ending {
  int status = 0;                  // as of waitpid()
  bool in_a_run = true;            // else after one
  bool hung = false;               // the parent ended it, because its run took too long
  bool babbled = false;            // the parent ended it, because it sent what makes no sense
  bool killed_again = false;       // by SIGKILL, and so it was when it ran this schedule before
  double hang_seconds = 0;         // what is too long
  std::uint64_t memory_bytes = 0;  // what it may have
  Distress distress = Distress::none;
  std::string output;              // the end of what it printed
};

// Not by the parent: the system had no memory left, or somebody meant it.
bool killed_from_outside(const Ending& ending);

std::string sentence_of(const Ending& ending);

}  // namespace jitterbug
