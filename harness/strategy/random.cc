#include "harness/strategy/random.h"

#include <bit>

namespace jitterbug {
namespace {

using rt::engine::OpKind;

constexpr std::uint32_t burst_means[] = {1, 2, 4, 16, 64, 256};
constexpr std::uint32_t stall_chances[] = {0, 1, 4, 8};  // of 16

// A stall lasts 8..4095 steps, each doubling as likely as the next.
constexpr std::uint32_t stall_shortest_log2 = 3;
constexpr std::uint32_t stall_doublings = 9;

// Wakes and starts are more frequent than windows and worth fewer stalls.
constexpr std::uint32_t rarer_off_windows = 8;

}  // namespace

void RandomStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  const rt::Rng seeded = rng_;
  const std::uint32_t mean = burst_means[rng_.below(std::size(burst_means))];
  const bool skewed = rng_.one_in(2);
  const std::uint32_t chance = stall_chances[rng_.below(std::size(stall_chances))];
  burst_mean_ = fixed_.burst_mean.value_or(mean);
  skewed_ = fixed_.skewed.value_or(skewed);
  stall_sixteenths_ = fixed_.stall_sixteenths.value_or(chance);
  if (skewed_) weights_ = seeded.fork(1);
  stop_at_ = stall_sixteenths_ != 0 ? race_points : 0;
  burst_end_ = 0;
  considered_at_ = ~std::uint64_t{0};
  stalls_.begin();
  weights_of_.clear();
}

std::uint32_t RandomStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

void RandomStrategy::meet_threads(ThreadId up_to) {
  while (weights_of_.size() <= up_to) {
    // 1, 4, 16 or 64
    weights_of_.push_back(skewed_ ? 1u << (2 * weights_.below(4)) : 1u);
  }
}

Pick RandomStrategy::pick(const Situation& s) {
  if (s.current_runnable && !s.current_relaxes) {
    if (stop_at_ != 0 && s.step != considered_at_) consider_stall(s);
    if (s.step < burst_end_ && !stalls_.held(s.current, s.step)) {
      return {s.current, static_cast<std::uint32_t>(burst_end_ - s.step), stop_at_};
    }
  }
  const bool all_are_equal = !skewed_ && stalls_.none(s.step);
  const ThreadId next = all_are_equal ? draw_evenly(s) : draw_by_weight(s);
  if (next == rt::engine::no_thread) return {next, 1, 0};
  const std::uint32_t burst = draw_burst();
  burst_end_ = s.step + burst;
  return {next, burst, stop_at_};
}

void RandomStrategy::consider_stall(const Situation& s) {
  considered_at_ = s.step;
  const Op* op = current_op(s);
  if (op == nullptr || !is_race_point(*op)) return;
  const std::uint32_t rarity = op->kind == OpKind::window ? 16 : 16 * rarer_off_windows;
  if (rng_.below(rarity) >= stall_sixteenths_) return;
  const std::uint32_t shortest = 1u << (stall_shortest_log2 + rng_.below(stall_doublings));
  stalls_.hold(s.current, s.step + shortest + rng_.below(shortest));
}

ThreadId RandomStrategy::draw_by_weight(const Situation& s) {
  meet_threads(s.runnable.back().thread);
  std::uint32_t total = 0;
  for (const Candidate& c : s.runnable) {
    if (!stalls_.held(c.thread, s.step)) total += weights_of_[c.thread];
  }
  if (total == 0) return stalls_.answer_when_all_are_held(s, true, rng_);
  std::uint32_t ticket = rng_.below(total);
  for (const Candidate& c : s.runnable) {
    if (stalls_.held(c.thread, s.step)) continue;
    if (ticket < weights_of_[c.thread]) return c.thread;
    ticket -= weights_of_[c.thread];
  }
  return s.runnable.front().thread;
}

// 1 + (mean - 1) * x, where x is close to exponential with mean 1: the number of
// leading zeros of a random word and the bits after them are its logarithm, read
// off without floating point.
std::uint32_t RandomStrategy::draw_burst() {
  if (burst_mean_ <= 1) return 1;
  const std::uint64_t word = rng_.next();
  const auto upper = static_cast<std::uint32_t>(word >> 32) | 1u;
  const auto zeros = static_cast<std::uint32_t>(std::countl_zero(upper));
  const std::uint32_t fraction = (word >> 16) & 0xffff;
  const std::uint64_t x = (std::uint64_t{zeros} << 16) + fraction;  // mean 1.5, in 1/65536
  const std::uint64_t rounding = word & 0xffff;                     // up or down by chance: keeps the mean
  return 1 + static_cast<std::uint32_t>(((burst_mean_ - 1) * x * 2 / 3 + rounding) >> 16);
}

}  // namespace jitterbug
