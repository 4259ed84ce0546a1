#pragma once
// One run of a minimisation: what is asked of it, how it went, and both as text, for
// they pass between processes (harness/campaign/isolate.h).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/schedule/schedule.h"

namespace jitterbug {

using Choices = std::vector<Choice>;

// How one run with some choices went.
struct Attempt {
  enum class Outcome : char { passes = 'p', same = 's', other = 'o' };
  Outcome outcome = Outcome::passes;
  std::string how;  // of a failure
  // Of a failure of the same kind, by choice: whether the run came to it; and of a
  // preemption the first window after it and the one just before it.
  std::vector<bool> mattered;
  std::vector<std::optional<Point>> next_windows;
  std::vector<std::optional<Point>> windows_before;
  std::optional<Point> first;    // with a hold: the last step before it ended
  std::optional<Point> towards;  // and the window it leads to
  std::uint64_t held_since = 0;  // step
  std::uint64_t steps = 0;       // of the run

  bool same() const { return outcome == Outcome::same; }
};

// What a attempt asks for besides its choices: the thread of one is let go on early.
struct Hold {
  std::size_t choice = 0;
  std::uint64_t steps = 0;
};

std::string write_choices(const Choices& choices);
std::string write_attempt(const Attempt& attempt);
// They throw ToolError for what the functions above did not write.
Choices read_choices(const std::string& lines);
Attempt read_attempt(const std::string& text);

}  // namespace jitterbug
