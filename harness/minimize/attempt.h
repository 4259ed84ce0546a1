#pragma once
// One run of a minimisation: its choices, and how it went.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/record.h"
#include "harness/schedule/schedule.h"

namespace jitterbug {

using Choices = std::vector<Choice>;

// The windows that a preempted thread came to before its preemption and after it, the nearest
// first.
struct Around {
  std::vector<Point> next;
  std::vector<Point> earlier;
  // The thread is preempted in a window, and there is no operation between the first of
  // `earlier` and that window: a preemption in the one or in the other is the same.
  bool just_before = false;
};

// How one run with some choices went.
struct Attempt {
  enum class Outcome : char { passes = 'p', same = 's', other = 'o' };
  Outcome outcome = Outcome::passes;
  std::string how;  // the failure, as text
  std::string key;  // its finding_key() without windows; empty: the run took its process down
  // Where the outcome is `same`, one entry for each choice: whether the run came to its point,
  // and, of a preemption, the windows around it.
  std::vector<bool> reached;
  std::vector<Around> around;
  // With a Hold: the last step of another thread before the held one went on, and the window
  // of that step, or the next one of its thread.
  std::optional<Point> first;
  std::optional<Point> towards;

  bool same() const { return outcome == Outcome::same; }
};

// Lets the thread of one preemption go on after so many steps of the others, instead of when
// nobody else can run.
struct Hold {
  std::size_t choice = 0;
  std::uint64_t steps = 0;
};

// The record of a run, and its choices or its steps as lines of text.
struct ToldRun {
  Record record;
  std::string lines;
};

// A run under a random schedule of few preemptions.
struct Sample {
  std::uint64_t steps = 0;         // of the run; 0: it took its process down
  std::optional<Choices> choices;  // none: it does not fail in the way that is looked for
};

}  // namespace jitterbug
