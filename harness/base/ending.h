#pragma once
// How a child process ended, as the sentence of a finding.

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/base/confine.h"

namespace jitterbug {

struct Ending {
  int status = 0;                  // as of waitpid()
  bool busy = true;                // in a run, else after one
  bool hung = false;               // the parent ended it, because its run took too long
  bool protocol_broken = false;    // the parent ended it, because it sent what makes no sense
  double hang_seconds = 0;         // what is too long
  std::uint64_t memory_bytes = 0;  // what it may have
  Distress distress = Distress::none;
  std::string output;              // the end of what it printed
};

// Of what a child prints, bytes that an ending keeps.
inline constexpr std::size_t output_shown = 8'000;

// It exited by itself, with nothing under way.
bool ended_well(const Ending& ending);

// By a signal that neither the child nor its parent has sent: the system had no memory
// left, or somebody meant it.
bool killed_from_outside(const Ending& ending);

// A sanitizer has printed a report.
bool has_report(const Ending& ending);

// As the sentence of a finding, and as what tells such findings apart: the way it ended,
// without what differs from run to run.
std::string sentence_of(const Ending& ending);
std::string invariant_of(const Ending& ending);

}  // namespace jitterbug
