#include "harness/strategy/pct.h"

#include <algorithm>
#include <limits>

namespace jitterbug {
namespace {

constexpr std::uint32_t depth_min = 2;
constexpr std::uint32_t depth_max = 5;
constexpr std::uint64_t steps_default = 2'000;

// Priorities that threads start with are above all that change points give.
constexpr std::uint64_t above_change_points = std::uint64_t{1} << 63;

constexpr std::uint32_t spinner_waits = 16;  // steps until a spinner may look again

std::uint64_t draw_step(rt::Rng& rng, std::uint64_t steps) {
  return 1 + rng.below(static_cast<std::uint32_t>(std::min<std::uint64_t>(steps, ~std::uint32_t{0})));
}

}  // namespace

void PctStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  priorities_ = rng_.fork(1);
  const auto depth = static_cast<std::uint32_t>(rng_.between(depth_min, depth_max));
  depth_ = std::max<std::uint32_t>(fixed_.depth.value_or(depth), 1);
  const std::uint64_t estimate = pilot_steps_ != 0 ? pilot_steps_ : steps_default;
  draw_change_points(fixed_.steps != 0 ? fixed_.steps : estimate);
  threads_.clear();
}

void PctStrategy::draw_change_points(std::uint64_t steps) {
  points_.clear();
  next_point_ = 0;
  for (std::uint32_t i = 1; i < depth_; ++i) points_.push_back({draw_step(rng_, steps), i});
  std::sort(points_.begin(), points_.end(), [](const ChangePoint& a, const ChangePoint& b) {
    return a.step != b.step ? a.step < b.step : a.priority < b.priority;
  });
}

std::uint32_t PctStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

PctStrategy::Priority& PctStrategy::priority(ThreadId id) {
  while (threads_.size() <= id) threads_.push_back(priorities_.next() | above_change_points);
  return threads_[id];
}

Pick PctStrategy::pick(const Situation& s) {
  fall(s);
  ThreadId highest = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (priority(c.thread) > priority(highest)) highest = c.thread;
  }
  return {highest, slice(s)};
}

void PctStrategy::fall(const Situation& s) {
  for (; next_point_ < points_.size() && points_[next_point_].step <= s.step; ++next_point_) {
    priority(s.current) = points_[next_point_].priority;
  }
}

std::uint32_t PctStrategy::slice(const Situation& s) const {
  std::uint64_t steps = s.spinning != 0 ? spinner_waits : std::numeric_limits<std::uint32_t>::max();
  if (next_point_ < points_.size()) steps = std::min(steps, points_[next_point_].step - s.step);
  return static_cast<std::uint32_t>(steps);
}

}  // namespace jitterbug
