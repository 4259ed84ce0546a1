#pragma once
// A schedule: the decisions of one run that differ from the default ones. Each is named by
// where the deciding thread stood and not by the number of a step, so that the list means the
// same after a patch, a log line or a renamed local.
//
// By default threads run in the order of default_order.h, no call misbehaves, and every other
// question is answered 0.
//
// Points are named after race windows: named statements, which survive an edit beside them. An
// operation between two windows is counted from the first of the two, among operations of its
// kind in its file alone. So an edit changes at most the names of points up to the next window
// of that thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "harness/run/failure.h"
#include "harness/strategy/strategy.h"

namespace jitterbug {

struct ThreadName {
  std::string role;
  ThreadId id = 0;

  bool operator==(const ThreadName&) const = default;
};

// Where a thread stands: the operation it has announced and not yet performed.
struct Point {
  ThreadName thread;
  rt::Window window = rt::Window::count;  // the last one the thread came to; count: none yet
  std::uint32_t occurrence = 0;           // the how-manieth time; 0: no window yet
  // The nth operation of this kind in this file since then; nth 0: the thread stands
  // in the window itself, or has announced nothing yet.
  rt::engine::OpKind kind = rt::engine::OpKind::count;
  std::string file;  // without folder and ending
  std::uint32_t nth = 0;
  std::string on{};  // the name of the word that it is performed on; for people, no part of the identity

  bool at_window() const { return occurrence != 0 && nth == 0; }
  bool operator==(const Point& other) const {
    const auto identity = [](const Point& p) {
      return std::tie(p.thread, p.window, p.occurrence, p.kind, p.file, p.nth);
    };
    return identity(*this) == identity(other);
  }
};

// `next` runs instead of the thread at `at`.
struct Switch {
  Point at;
  bool preempts = true;  // false: the thread has performed the operation, and has to wait
  ThreadName next;
  std::uint32_t pauses = 0;  // turns of spinners, or jumps of time, before `next` runs

  bool operator==(const Switch&) const = default;
};

// The answer to a thread's nth question of its kind.
struct Answer {
  ThreadName thread;
  Question question = Question::program;
  std::uint32_t nth = 0;  // from 1
  std::uint32_t answer = 0;

  bool operator==(const Answer&) const = default;
};

using Choice = std::variant<Switch, Answer>;

struct Schedule {
  std::string token;   // of the plan, with a fixed storm
  std::optional<Failure> failure;  // of the run; its sentence is not written down
  std::vector<Choice> choices;  // in the order in which they were made

  bool operator==(const Schedule&) const = default;
};

// What the default order answers.
constexpr std::uint32_t default_answer(Question q) { return q == Question::fault ? 1 : 0; }

// The window cites an issue: its race has happened, and can be looked up.
bool is_known_race(rt::Window window);

// "m#2"; "startm_id_reserve 3", "startm_id_reserve 3 + rmw 2 lock on sched.lock", "start".
std::string to_text(const ThreadName& thread);
std::string to_text(const Point& point);
std::string_view to_string(Question q);
// "1st", "22nd"
std::string ordinal(std::uint64_t n);

}  // namespace jitterbug
