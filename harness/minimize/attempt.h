#pragma once
// One run of a minimisation: what is asked of it, and how it went.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/record.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

using Choices = std::vector<Choice>;

// The windows of a thread around a preemption, the nearest first.
struct Around {
  std::vector<Point> next;
  std::vector<Point> earlier;
  bool just_before = false;  // the thread stands in a window, with no operation since the first of `earlier`
};

// How one run with some choices went.
struct Attempt {
  enum class Outcome : char { passes = 'p', same = 's', other = 'o' };
  Outcome outcome = Outcome::passes;
  std::string how;   // of a failure
  std::string key;  // of one that leaves the process alive: finding_key(), windows alike
  // Of a failure of the same key, by choice: whether the run came to it; and of a
  // preemption the windows around it, see ReplayStrategy.
  std::vector<bool> mattered;
  std::vector<Around> around;
  std::optional<Point> first;    // with a hold: the last step before it ended
  std::optional<Point> towards;  // and the window it leads to

  bool same() const { return outcome == Outcome::same; }
};

// What an attempt asks for besides its choices: the thread of one is let go on early.
struct Hold {
  std::size_t choice = 0;
  std::uint64_t steps = 0;
};

// How a run went, and its choices or its steps as text, a line each.
struct ToldRun {
  Record record;
  std::string lines;
};

// A run of few preemptions.
struct Sample {
  std::uint64_t steps = 0;         // of the run; 0: unknown
  std::optional<Choices> choices;  // it fails in the way that is looked for
};

}  // namespace jitterbug
