#pragma once
// One run of a minimisation: what is asked of it, how it went, and both as text, for
// they pass between processes (isolate.h).

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/schedule/schedule.h"

namespace jitterbug {

using Choices = std::vector<Choice>;

// How one run with some choices went.
struct Trial {
  enum class Outcome : char { passes = 'p', same = 's', other = 'o' };
  Outcome outcome = Outcome::passes;
  std::string how;               // of a failure
  std::vector<bool> mattered;    // by choice, of a failure of the same kind
  // By choice: the windows after and just before a preemption, carried; Answers: none.
  Choices next_windows;
  Choices windows_before;
  std::optional<Point> first;    // with a hold: the last step before it ended
  std::optional<Point> towards;  // and the window it leads to
  std::uint64_t held_since = 0;  // step
  std::uint64_t steps = 0;       // of the run
  std::uint64_t lasted = 0;      // steps for which the oracle has seen what is wrong

  bool same() const { return outcome == Outcome::same; }
};

// What a test asks for besides its choices.
struct Hold {
  std::size_t choice = 0;
  std::uint64_t steps = 0;
  bool audit_each_step = false;
};

// A point travels as a choice, which has a text.
Choice carry(const Point& point);
Choice carry_any(const std::optional<Point>& point);  // of none: an Answer
const Point& carried(const Choice& choice);

nlohmann::json choices_to_json(const Choices& choices);
Choices choices_from_json(const nlohmann::json& json);
// The steps for which an oracle of progress says that something has been wrong, "for
// 64 steps"; 0: it says nothing of the kind.
std::uint64_t steps_lasted(const std::string& sentence);
std::string write_trial(const Trial& trial);
Trial read_trial(const std::string& text);

}  // namespace jitterbug
