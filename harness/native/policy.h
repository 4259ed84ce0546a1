#pragma once
// Where real threads are held up, and for how long: a value, written as one line.
//
//   startm*=sleep:50us@10%,windows=yield@1/3,budget=20ms
//
//   policy := item { "," item }
//   item   := PRESET | WHERE "=" ACTION [ "@" CHANCE ] | "budget=" TIME
//   WHERE  := a glob of window names (* stands for any letters), or a tier:
//             windows, parks, wakes, locks, atomics, others
//   ACTION := "none" | "yield" | "spin:" TURNS | "sleep:" TIME [ ".." TIME ]
//   CHANCE := N "%" | "1/" N       default: always
//   TIME   := N ("ns" | "us" | "ms"), at most 1000ms
//
// The first item that fits an operation decides. The budget bounds the time that all
// holds of a run take together; a policy without one has 100 ms. Tiers, in the order in
// which they are worth holding: windows are the scheduler's own race windows; parks and
// wakes its sleeps, polls and joins, and what ends them; locks the moments before a lock
// is taken; atomics every other operation on a shared word.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/os/engine.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

enum class NoiseAction : std::uint8_t { none, yield, spin, sleep };

struct NoiseRule {
  std::string where;
  NoiseAction action = NoiseAction::none;
  std::uint32_t low = 0;   // turns, or ns; drawn from [low, high]
  std::uint32_t high = 0;
  std::uint32_t percent = 100;  // the chance is percent of 100, or one in one_in if that is not 0
  std::uint32_t one_in = 0;

  bool operator==(const NoiseRule&) const = default;
  // Of 2^32.
  std::uint64_t chance() const;
};

// What an engine looks up: windows by enumerator, then operations by kind, then locks.
inline constexpr std::size_t noise_windows = static_cast<std::size_t>(rt::Window::count);
inline constexpr std::size_t noise_locks = noise_windows + static_cast<std::size_t>(rt::engine::OpKind::count);
inline constexpr std::size_t noise_points = noise_locks + 1;

class NoisePolicy {
 public:
  // No noise at all.
  NoisePolicy() = default;

  // Throws UsageError that names the item and what is wrong with it.
  static NoisePolicy parse(std::string_view text);
  // Equal policies have equal texts, and parse() understands them. Empty: no noise.
  std::string to_text() const;

  // The rule that decides at a point; null: none does.
  const NoiseRule* rule_at(std::size_t point) const;
  rt::Duration budget() const { return budget_; }
  // Nobody is ever held.
  bool silent() const;

  // A policy may leave all to the seed (preset "swarm"): then each seed has its own.
  NoisePolicy drawn(std::uint64_t seed) const;

  bool operator==(const NoisePolicy&) const = default;

 private:
  friend class NoiseParser;

  std::vector<NoiseRule> rules_;
  rt::Duration budget_ = 100 * rt::millisecond;
  bool swarm_ = false;
};

struct NoisePreset {
  const char* name;
  const char* says;
  const char* text;  // as items; empty: drawn from the seed
};

std::span<const NoisePreset> noise_presets();

}  // namespace jitterbug
