#include "harness/strategy/bounded.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace jitterbug {
namespace {

using rt::engine::OpKind;

constexpr std::uint32_t race_points =
    bit_of(OpKind::window) | bit_of(OpKind::futex_wake) | bit_of(OpKind::thread_start);

constexpr std::uint32_t delays_max = 16;

// The range that delays are drawn from: 2^6..2^13 steps, or 2^3..2^10 race points.
constexpr std::uint32_t steps_log2 = 6;
constexpr std::uint32_t points_log2 = 3;
constexpr std::uint32_t range_doublings = 8;

constexpr std::uint32_t spinner_waits = 16;  // steps until a spinner may look again

}  // namespace

void BoundedStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  at_race_points_ = rng_.one_in(2);
  const std::uint32_t range = 1u << ((at_race_points_ ? points_log2 : steps_log2) + rng_.below(range_doublings));
  const std::uint64_t coins = rng_.next() | std::uint64_t{1} << (delays_max - 1);
  const auto count = 1 + static_cast<std::uint32_t>(std::countr_zero(coins));
  delays_.clear();
  for (std::uint32_t i = 0; i < count; ++i) delays_.push_back(1 + rng_.below(range));
  std::sort(delays_.begin(), delays_.end());
  next_delay_ = 0;
  points_ = 0;
  counted_at_ = ~std::uint64_t{0};
}

std::uint32_t BoundedStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

Pick BoundedStrategy::pick(const Situation& s) {
  const bool passed_over = takes_delay(s);
  const bool goes_on = s.current_runnable && !s.current_relaxes && !passed_over;
  const ThreadId next = goes_on ? s.current : after(s);
  std::uint64_t slice = s.spinning != 0 ? spinner_waits : std::numeric_limits<std::uint32_t>::max();
  if (next_delay_ == delays_.size()) return {next, static_cast<std::uint32_t>(slice)};
  if (at_race_points_) return {next, static_cast<std::uint32_t>(slice), race_points};
  return {next, static_cast<std::uint32_t>(std::min(slice, delays_[next_delay_] - s.step))};
}

bool BoundedStrategy::takes_delay(const Situation& s) {
  if (next_delay_ == delays_.size()) return false;
  std::uint64_t position = s.step;
  if (at_race_points_) {
    const auto is_here = [&](const Candidate& c) {
      return c.thread == s.current && (race_points & bit_of(c.op.kind)) != 0;
    };
    const bool here = s.current_runnable && std::any_of(s.runnable.begin(), s.runnable.end(), is_here);
    if (!here || counted_at_ == s.step) return false;
    counted_at_ = s.step;
    position = ++points_;
  }
  const std::size_t before = next_delay_;
  while (next_delay_ < delays_.size() && delays_[next_delay_] <= position) ++next_delay_;
  return next_delay_ != before;
}

// The next candidate in cyclic order of number; the current one comes last.
ThreadId BoundedStrategy::after(const Situation& s) const {
  for (const Candidate& c : s.runnable) {
    if (c.thread > s.current) return c.thread;
  }
  return s.runnable.front().thread;
}

}  // namespace jitterbug
