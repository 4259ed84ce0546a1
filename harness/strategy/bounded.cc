#include "harness/strategy/bounded.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace jitterbug {
namespace {

constexpr std::uint32_t delays_max = 16;

// The range that delays are drawn from, without a pilot run: 2^6..2^13 steps, or
// 2^3..2^10 race points.
constexpr std::uint32_t steps_log2 = 6;
constexpr std::uint32_t points_log2 = 3;
constexpr std::uint32_t range_doublings = 8;
constexpr std::uint64_t range_max = std::uint64_t{1} << 30;

}  // namespace

void BoundedStrategy::learn(const Pilot& pilot) {
  pilot_steps_ = pilot.steps;
  pilot_race_points_ = pilot.race_points();
}

void BoundedStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  position_.begin(rng_.one_in(2));
  const std::uint32_t range = draw_range();
  const std::uint64_t coins = rng_.next() | std::uint64_t{1} << (delays_max - 1);
  const auto count = 1 + static_cast<std::uint32_t>(std::countr_zero(coins));
  delays_.clear();
  for (std::uint32_t i = 0; i < count; ++i) delays_.push_back(1 + rng_.below(range));
  std::sort(delays_.begin(), delays_.end());
  next_delay_ = 0;
}

std::uint32_t BoundedStrategy::draw_range() {
  const std::uint32_t doublings = rng_.below(range_doublings);
  const std::uint64_t seen = position_.at_race_points() ? pilot_race_points_ : pilot_steps_;
  if (seen != 0) return static_cast<std::uint32_t>(std::min<std::uint64_t>(seen, range_max));
  return 1u << ((position_.at_race_points() ? points_log2 : steps_log2) + doublings);
}

std::uint32_t BoundedStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

Pick BoundedStrategy::pick(const Situation& s) {
  const bool passed_over = takes_delay(s);
  const bool goes_on = s.current_runnable && !s.current_relaxes && !passed_over;
  const ThreadId next = goes_on ? s.current : next_in_turn(s);
  const std::uint64_t longest = s.spinning != 0 ? spinner_waits : std::numeric_limits<std::uint32_t>::max();
  if (next_delay_ == delays_.size()) return {next, static_cast<std::uint32_t>(longest)};
  return position_.until(delays_[next_delay_], next, longest, s);
}

bool BoundedStrategy::takes_delay(const Situation& s) {
  if (next_delay_ == delays_.size() || !position_.is_possible(s)) return false;
  const std::size_t before = next_delay_;
  while (next_delay_ < delays_.size() && delays_[next_delay_] <= position_.at(s)) ++next_delay_;
  return next_delay_ != before;
}

}  // namespace jitterbug
