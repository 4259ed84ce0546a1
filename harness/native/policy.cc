#include "harness/native/policy.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "harness/base/errors.h"
#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;

constexpr rt::Duration time_max = 1 * rt::second;
constexpr std::uint32_t turns_max = 10'000'000;

constexpr NoisePreset presets[] = {
    {"none", "nobody is held", "windows=none"},
    {"windows", "one visit to a race window in four holds its thread", "windows=sleep:5us..100us@25%"},
    {"parks", "race windows, and threads about to sleep or to wake another one",
     "windows=sleep:5us..100us@25%,parks=yield@20%,wakes=sleep:5us..50us@20%"},
    {"locks", "as parks, and threads about to take a lock",
     "windows=sleep:5us..100us@25%,parks=yield@20%,wakes=sleep:5us..50us@20%,locks=yield@10%"},
    {"all", "every operation of the scheduler may hold its thread",
     "windows=sleep:5us..100us@25%,parks=yield@20%,wakes=sleep:5us..50us@20%,locks=yield@10%,atomics=spin:500@1/50,"
     "others=yield@1/50"},
    {"swarm", "each run holds threads in a few kinds of window of its own, long or short, and draws its tiers", ""},
};

struct Tier {
  const char* name;
  std::uint32_t kinds;  // bit set
};

constexpr std::uint32_t bit(OpKind k) { return std::uint32_t{1} << static_cast<unsigned>(k); }

constexpr Tier tiers[] = {
    {"windows", bit(OpKind::window)},
    {"parks", bit(OpKind::futex_wait) | bit(OpKind::poll_wait) | bit(OpKind::sleep) | bit(OpKind::thread_join)},
    {"wakes", bit(OpKind::futex_wake) | bit(OpKind::poll_wake) | bit(OpKind::thread_start)},
    {"locks", 0},
    {"atomics", bit(OpKind::load) | bit(OpKind::store) | bit(OpKind::rmw) | bit(OpKind::fence)},
    {"others", bit(OpKind::thread_exit) | bit(OpKind::clock) | bit(OpKind::relax) | bit(OpKind::poll_open) |
                   bit(OpKind::poll_close) | bit(OpKind::poll_change) | bit(OpKind::file_open) |
                   bit(OpKind::file_close) | bit(OpKind::file_read) | bit(OpKind::file_write) |
                   bit(OpKind::stack_allocate) | bit(OpKind::stack_release) | bit(OpKind::choose)},
};

const Tier* tier_named(std::string_view name) {
  const auto at = std::find_if(std::begin(tiers), std::end(tiers), [&](const Tier& t) { return name == t.name; });
  return at == std::end(tiers) ? nullptr : at;
}

bool glob_fits(std::string_view glob, std::string_view name) {
  // Where a star may take one letter more: only the last one matters.
  std::size_t g = 0, n = 0, star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      taken = n;
    } else if (g < glob.size() && glob[g] == name[n]) {
      ++g, ++n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

bool fits(const NoiseRule& rule, std::size_t point) {
  const Tier* tier = tier_named(rule.where);
  if (point == noise_locks) return tier != nullptr && rule.where == "locks";
  if (point >= noise_windows) return tier != nullptr && (tier->kinds >> (point - noise_windows) & 1u) != 0;
  if (tier != nullptr) return (tier->kinds & bit(OpKind::window)) != 0;
  return glob_fits(rule.where, rt::window_infos[point].name);
}

std::string time_text(rt::Duration t) {
  if (t % rt::millisecond == 0) return std::to_string(t / rt::millisecond) + "ms";
  if (t % rt::microsecond == 0) return std::to_string(t / rt::microsecond) + "us";
  return std::to_string(t) + "ns";
}

std::optional<std::uint32_t> number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  std::uint32_t n = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    n = 10 * n + static_cast<std::uint32_t>(c - '0');
  }
  return n;
}

std::optional<rt::Duration> time_of(std::string_view text) {
  constexpr std::pair<const char*, rt::Duration> units[] = {
      {"ns", 1}, {"us", rt::microsecond}, {"ms", rt::millisecond}};
  for (const auto& [name, unit] : units) {
    if (!text.ends_with(name)) continue;
    const auto n = number(text.substr(0, text.size() - 2));
    if (!n || *n > time_max / unit) return std::nullopt;
    return *n * unit;
  }
  return std::nullopt;
}

}  // namespace

class NoiseParser {
 public:
  explicit NoiseParser(NoisePolicy& policy) : policy_(policy) {}

  void item(std::string_view text) {
    item_ = text;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return preset(text);
    const std::string_view where = text.substr(0, equals), what = text.substr(equals + 1);
    if (where == "budget") {
      const auto t = time_of(what);
      if (!t) refuse("the budget is a time of at most 1000ms: 20ms, 500us");
      policy_.budget_ = *t;
      return;
    }
    NoiseRule rule;
    rule.where = where;
    const bool known =
        tier_named(where) != nullptr || std::any_of(std::begin(rt::window_infos), std::end(rt::window_infos),
                                                    [&](const rt::WindowInfo& w) { return glob_fits(where, w.name); });
    if (!known) refuse("no window fits '" + rule.where + "', and it is no tier");
    const std::size_t at = std::min(what.find('@'), what.size());
    action(rule, what.substr(0, at));
    if (at < what.size()) chance(rule, what.substr(at + 1));
    policy_.rules_.push_back(std::move(rule));
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    std::string message = "noise '" + std::string(item_) + "': " + why;
    for (char& c : message) {
      if (c < ' ' || c > '~') c = '?';
    }
    throw UsageError(message);
  }

  void preset(std::string_view name) {
    for (const NoisePreset& preset : presets) {
      if (name != preset.name) continue;
      if (*preset.text == '\0')
        policy_.swarm_ = true;
      else
        list(preset.text);
      return;
    }
    std::string known;
    for (const NoisePreset& preset : presets) known += std::string(known.empty() ? "" : ", ") + preset.name;
    refuse("is neither a preset (" + known + ") nor WHERE=ACTION");
  }

  void action(NoiseRule& rule, std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view name = text.substr(0, colon);
    const bool has_amount = colon < text.size();
    const std::string_view amount = has_amount ? text.substr(colon + 1) : std::string_view();
    if ((name == "none" || name == "yield") && !has_amount) {
      rule.action = name == "none" ? NoiseAction::none : NoiseAction::yield;
    } else if (name == "spin") {
      const auto turns = number(amount);
      if (!turns || *turns == 0 || *turns > turns_max) refuse("spin takes a number of turns: spin:500");
      rule.action = NoiseAction::spin;
      rule.low = rule.high = *turns;
    } else if (name == "sleep") {
      sleep(rule, amount);
    } else {
      refuse("'" + std::string(text) + "' is not none, yield, spin:TURNS or sleep:TIME");
    }
  }

  void sleep(NoiseRule& rule, std::string_view amount) {
    const std::size_t dots = std::min(amount.find(".."), amount.size());
    const auto low = time_of(amount.substr(0, dots));
    const auto high = dots < amount.size() ? time_of(amount.substr(dots + 2)) : low;
    if (!low || !high || *low > *high || *high == 0) {
      refuse("sleep takes a time of at most 1000ms: sleep:50us, 1us..9us");
    }
    rule.action = NoiseAction::sleep;
    rule.low = static_cast<std::uint32_t>(*low);
    rule.high = static_cast<std::uint32_t>(*high);
  }

  void chance(NoiseRule& rule, std::string_view text) {
    const bool is_percent = text.ends_with('%');
    const bool is_ratio = text.starts_with("1/");
    const auto n = number(is_percent ? text.substr(0, text.size() - 1) : is_ratio ? text.substr(2) : "");
    if (!n || *n == 0 || (is_percent && *n > 100)) refuse("a chance is 1% to 100%, or 1/N");
    (is_percent ? rule.percent : rule.one_in) = *n;
  }

 public:
  void list(std::string_view text) {
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      item(text.substr(0, comma));
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
  }

 private:
  NoisePolicy& policy_;
  std::string_view item_;
};

std::uint64_t NoiseRule::chance() const {
  constexpr std::uint64_t always = std::uint64_t{1} << 32;
  return one_in != 0 ? always / one_in : always * percent / 100;
}

NoisePolicy NoisePolicy::parse(std::string_view text) {
  NoisePolicy policy;
  NoiseParser(policy).list(text);
  return policy;
}

std::string NoisePolicy::to_text() const {
  std::string text;
  const auto add = [&text](const std::string& item) { text += (text.empty() ? "" : ",") + item; };
  for (const NoiseRule& rule : rules_) {
    std::string item = rule.where + "=";
    switch (rule.action) {
      case NoiseAction::none: item += "none"; break;
      case NoiseAction::yield: item += "yield"; break;
      case NoiseAction::spin: item += "spin:" + std::to_string(rule.low); break;
      case NoiseAction::sleep:
        item += "sleep:" + time_text(rule.low);
        if (rule.high != rule.low) item += ".." + time_text(rule.high);
        break;
    }
    if (rule.one_in != 0)
      item += "@1/" + std::to_string(rule.one_in);
    else if (rule.percent != 100)
      item += "@" + std::to_string(rule.percent) + "%";
    add(item);
  }
  if (swarm_) add("swarm");
  if (budget_ != NoisePolicy().budget_) add("budget=" + time_text(budget_));
  return text;
}

bool NoisePolicy::silent() const {
  const auto holds = [](const NoiseRule& rule) { return rule.action != NoiseAction::none; };
  return !swarm_ && std::none_of(rules_.begin(), rules_.end(), holds);
}

const NoiseRule* NoisePolicy::rule_at(std::size_t point) const {
  for (const NoiseRule& rule : rules_) {
    if (fits(rule, point)) return &rule;
  }
  return nullptr;
}

// Few defects need more than one or two windows held open, and a thread that is held
// in all of them gets to none: a run holds at a subset.
NoisePolicy NoisePolicy::drawn(std::uint64_t seed) const {
  if (!swarm_) return *this;
  NoisePolicy policy = *this;
  policy.swarm_ = false;
  rt::Rng rng(seed);
  constexpr std::uint32_t window_one_in[] = {2, 4, 4, 8, 16};
  constexpr std::uint32_t longest_us[] = {10, 50, 100, 200, 500, 1'000};
  constexpr std::uint32_t percent[] = {100, 100, 50, 20};
  const std::uint32_t one_in = window_one_in[rng.below(std::size(window_one_in))];
  const std::uint32_t us = longest_us[rng.below(std::size(longest_us))];
  const std::uint32_t chance = percent[rng.below(std::size(percent))];
  for (const rt::WindowInfo& window : rt::window_infos) {
    if (!rng.one_in(one_in)) continue;
    policy.rules_.push_back({window.name, NoiseAction::sleep, us * 200, us * 1'000, chance, 0});
  }
  if (rng.one_in(2)) policy.rules_.push_back({"wakes", NoiseAction::sleep, 1'000, us * 1'000, 20, 0});
  if (rng.one_in(4)) policy.rules_.push_back({"parks", NoiseAction::yield, 0, 0, 20, 0});
  if (rng.one_in(8)) policy.rules_.push_back({"locks", NoiseAction::yield, 0, 0, 10, 0});
  if (rng.one_in(16)) policy.rules_.push_back({"atomics", NoiseAction::spin, 500, 500, 100, 50});
  return policy;
}

std::span<const NoisePreset> noise_presets() { return presets; }

}  // namespace jitterbug
