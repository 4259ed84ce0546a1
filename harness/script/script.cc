#include "harness/script/script.h"

#include <algorithm>
#include <optional>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

const std::string any_text = "any";

bool is_name(std::string_view word) {
  const auto fits = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !word.empty() && std::all_of(word.begin(), word.end(), fits);
}

std::optional<std::uint32_t> small_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 6) return std::nullopt;
  std::uint32_t n = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    n = 10 * n + static_cast<std::uint32_t>(c - '0');
  }
  return n;
}

std::optional<Place> window_named(std::string_view name) {
  for (Place w = 0; w < script_windows; ++w) {
    if (name == rt::window_infos[w].name) return w;
  }
  return std::nullopt;
}

template <class Names>
std::uint32_t number_in(Names& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return static_cast<std::uint32_t>(at - names.begin());
  names.emplace_back(name);
  return static_cast<std::uint32_t>(names.size() - 1);
}

}  // namespace

class ScriptParser {
 public:
  ScriptParser(std::string_view source, Script& script) : source_(source), script_(script) {}

  void parse(std::string_view text) {
    split(text);
    while (at_ < words_.size()) {
      if (words_[at_].text == "limit") limit();
      else hold();
    }
    if (script_.holds_.empty()) refuse("the script holds nobody");
  }

 private:
  struct Word {
    std::string_view text;
    std::size_t line;
  };

  // Of the word that was read last.
  [[noreturn]] void refuse(const std::string& what) const {
    const std::size_t line = words_.empty() ? 1 : words_[at_ == 0 ? 0 : at_ - 1].line;
    throw UsageError(std::string(source_) + ":" + std::to_string(line) + ": " + what);
  }

  void split(std::string_view text) {
    for (std::size_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      split_line(text.substr(0, end), number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void split_line(std::string_view line, std::size_t number) {
    constexpr const char* blanks = " \t\r";
    for (bool first = true; !line.empty(); first = false) {
      line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
      const std::size_t end = std::min(line.find_first_of(blanks), line.size());
      if (end == 0 || (first && line.front() == '#')) return;
      words_.push_back({line.substr(0, end), number});
      line.remove_prefix(end);
    }
  }

  // The next word of the statement; empty at its end.
  std::string_view peek() const {
    if (at_ == words_.size()) return {};
    const std::string_view word = words_[at_].text;
    return word == "hold" || word == "limit" ? std::string_view() : word;
  }
  std::string_view next(const std::string& wanted) {
    const std::string_view word = peek();
    if (word.empty()) refuse("the line ends where " + wanted + " should be");
    ++at_;
    return word;
  }
  void expect(const std::string& word) {
    const std::string_view got = next("'" + word + "'");
    if (got != word) refuse("expected '" + word + "', not '" + std::string(got) + "'");
  }
  // A statement begins.
  void begin(std::string_view keyword) {
    const std::string_view got = words_[at_++].text;
    if (got != keyword) refuse("expected '" + std::string(keyword) + "', not '" + std::string(got) + "'");
  }

  void hold() {
    begin("hold");
    ScriptHold hold;
    hold.role = role();
    expect("at");
    place(hold.place, hold.nth);
    hold.since = since();
    expect("until");
    hold.until.push_back({event()});
    while (!peek().empty()) {
      const std::string_view joint = next("'and' or 'or'");
      if (joint == "and") hold.until.push_back({event()});
      else if (joint == "or") hold.until.back().push_back(event());
      else refuse("expected 'and' or 'or', not '" + std::string(joint) + "'");
    }
    script_.holds_.push_back(std::move(hold));
  }

  void limit() {
    begin("limit");
    const std::string_view typed = next("a number of seconds");
    const auto seconds = small_number(typed);
    if (!seconds || *seconds == 0) refuse("limit '" + std::string(typed) + "' is not a number of seconds");
    expect("s");
    if (!peek().empty()) refuse("unexpected '" + std::string(next("nothing")) + "' after the limit");
    script_.limit_ = *seconds * rt::second;
  }

  RoleNumber role() {
    const std::string_view name = next("a role");
    if (name == any_text) return any_role;
    if (!is_name(name)) refuse("'" + std::string(name) + "' is not the name of a role");
    return number_in(script_.roles_, name);
  }

  Place mark(std::string_view typed) {
    const std::string_view name = typed.substr(std::min<std::size_t>(typed.size(), 1));
    if (!typed.starts_with('@') || !is_name(name)) refuse("'" + std::string(typed) + "' is not a mark: @name");
    return script_windows + number_in(script_.marks_, name);
  }

  void place(Place& place, std::uint32_t& nth) {
    std::string_view typed = next("a window or a mark");
    const std::size_t colon = typed.find(':');
    if (colon != std::string_view::npos) {
      const auto n = small_number(typed.substr(colon + 1));
      if (!n || *n == 0) refuse("'" + std::string(typed) + "': what follows the colon is not a count from 1");
      nth = *n;
      typed = typed.substr(0, colon);
    }
    if (typed.starts_with('@')) {
      place = mark(typed);
      return;
    }
    const auto window = window_named(typed);
    if (!window) refuse("unknown window '" + std::string(typed) + "': see jitterbug list windows");
    place = *window;
  }

  Place since() {
    if (peek() != "after") return no_place;
    ++at_;
    return mark(next("a mark"));
  }

  ScriptEvent event() {
    ScriptEvent e;
    e.role = role();
    const std::string_view verb = next("'reaches' or 'passes'");
    if (verb != "reaches" && verb != "passes") {
      refuse("expected 'reaches' or 'passes', not '" + std::string(verb) + "'");
    }
    e.passes = verb == "passes";
    place(e.place, e.nth);
    e.since = since();
    return e;
  }

  const std::string_view source_;
  Script& script_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
};

Script Script::parse(std::string_view text, std::string_view source) {
  Script script;
  ScriptParser(source, script).parse(text);
  return script;
}

RoleNumber Script::role(std::string_view name) const {
  const auto at = std::find(roles_.begin(), roles_.end(), name);
  return at == roles_.end() ? no_role : static_cast<RoleNumber>(at - roles_.begin());
}

Place Script::mark(std::string_view name) const {
  const auto at = std::find(marks_.begin(), marks_.end(), name);
  return at == marks_.end() ? no_place : script_windows + static_cast<Place>(at - marks_.begin());
}

std::string Script::place_text(Place place) const {
  return place < script_windows ? rt::window_infos[place].name : "@" + marks_[place - script_windows];
}

const std::string& Script::role_text(RoleNumber role) const { return role == any_role ? any_text : roles_[role]; }

std::string Script::event_text(const ScriptEvent& event) const {
  std::string text = role_text(event.role) + (event.passes ? " passes " : " reaches ") + place_text(event.place);
  if (event.nth != 1) text += ":" + std::to_string(event.nth);
  if (event.since != no_place) text += " after " + place_text(event.since);
  return text;
}

std::string Script::hold_text(std::size_t number) const {
  const ScriptHold& hold = holds_[number];
  std::string text = "hold " + role_text(hold.role) + " at " + place_text(hold.place);
  if (hold.nth != 1) text += ":" + std::to_string(hold.nth);
  if (hold.since != no_place) text += " after " + place_text(hold.since);
  const char* joint = " until ";
  for (const auto& group : hold.until) {
    for (const ScriptEvent& event : group) {
      text += joint + event_text(event);
      joint = " or ";
    }
    joint = " and ";
  }
  return text;
}

std::string Script::to_text() const {
  std::string text;
  for (std::size_t i = 0; i < holds_.size(); ++i) text += hold_text(i) + "\n";
  return text + "limit " + std::to_string(limit_ / rt::second) + " s\n";
}

}  // namespace jitterbug
