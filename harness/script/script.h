#pragma once
// A choreography: which thread waits where, and for what. One statement per hold:
//
//   hold sysmon at startm_id_reserve until main reaches stopm_list_before_sleep
//
// The first thread of the role that comes to the place stays there until the others
// have done what the line says. Each hold happens once; all of them are open from
// the beginning, and their order in the text has no meaning.
//
//   hold  := "hold" ROLE "at" PLACE [SINCE] "until" EVENT { ("and" | "or") EVENT }
//   limit := "limit" SECONDS "s"
//   EVENT := ROLE ("reaches" | "passes") PLACE [SINCE]
//   PLACE := WINDOW [":" N] | "@" MARK [":" N]
//   SINCE := "after" "@" MARK
//
// A role is the one a thread was started with ("main", "m", "sysmon", "external" or
// what a scene calls its own), or "any". A window is a race window's name, a mark a
// point that the workload announces itself (Scene::mark). `:N` means the N-th time
// that threads of the role come there, counted from the beginning or, with `after`,
// from the moment anybody first reached the mark. A thread reaches a place when it
// comes there, and passes it when it goes on. "or" binds tighter than "and". An event
// is always another thread's than the one that is held. A hold whose events are past
// lets its thread go on at once. A statement may go on over several lines; a line that
// begins with # says nothing.
//
// A hold that lasts longer than the limit (real seconds on real threads, virtual ones
// in the simulation) fails the script: it cannot be followed.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

// Roles and places of one script, numbered.
using RoleNumber = std::uint32_t;
using Place = std::uint32_t;  // a window's enumerator, or script_windows + number of the mark
inline constexpr RoleNumber any_role = ~RoleNumber{0};
inline constexpr RoleNumber no_role = any_role - 1;  // one that the script does not mention
inline constexpr Place no_place = ~Place{0};
inline constexpr auto script_windows = static_cast<Place>(rt::Window::count);

constexpr Place place_of(rt::Window w) { return static_cast<Place>(w); }

struct ScriptEvent {
  RoleNumber role = any_role;
  bool passes = false;  // else reaches
  Place place = no_place;
  std::uint32_t nth = 1;
  Place since = no_place;  // a mark
};

struct ScriptHold {
  RoleNumber role = any_role;
  Place place = no_place;
  std::uint32_t nth = 1;
  Place since = no_place;
  // Each of the groups has to see one of its events.
  std::vector<std::vector<ScriptEvent>> until;
};

// A value; constant once made.
class Script {
 public:
  // Throws UsageError that names the line and what is wrong in it. `source` is what
  // the message calls the text.
  static Script parse(std::string_view text, std::string_view source = "script");

  // Equal scripts have equal texts, and parse() understands them.
  std::string to_text() const;
  std::string hold_text(std::size_t hold) const;
  std::string event_text(const ScriptEvent& event) const;

  const std::vector<ScriptHold>& holds() const { return holds_; }
  const std::vector<std::string>& marks() const { return marks_; }
  rt::Duration limit() const { return limit_; }

  RoleNumber role(std::string_view name) const;  // no_role: not mentioned
  Place mark(std::string_view name) const;       // no_place: not mentioned

 private:
  friend class ScriptParser;

  std::string place_text(Place place) const;
  const std::string& role_text(RoleNumber role) const;

  std::vector<ScriptHold> holds_;
  std::vector<std::string> roles_;
  std::vector<std::string> marks_;
  rt::Duration limit_ = 10 * rt::second;
};

}  // namespace jitterbug
