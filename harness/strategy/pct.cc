#include "harness/strategy/pct.h"

#include <algorithm>
#include <limits>

namespace jitterbug {
namespace {

constexpr std::uint32_t depth_min = 2;
constexpr std::uint32_t depth_max = 5;
constexpr std::uint64_t length_default = 2'000;

// Priorities that threads start with are above all that change points give, and
// these are above those of spinners.
constexpr std::uint64_t above_change_points = std::uint64_t{1} << 63;
constexpr std::uint64_t above_spinners = std::uint64_t{1} << 62;

constexpr std::uint32_t spins_max = 8;  // until a spinner falls

std::uint64_t draw_point(rt::Rng& rng, std::uint64_t length) {
  return 1 + rng.below(static_cast<std::uint32_t>(std::min<std::uint64_t>(length, ~std::uint32_t{0})));
}

}  // namespace

void PctStrategy::learn(const Pilot& pilot) {
  pilot_steps_ = pilot.steps;
  pilot_race_points_ = pilot.race_points();
}

void PctStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  priorities_ = rng_.fork(1);
  faults_.begin(rng_.fork(2));
  const auto depth = static_cast<std::uint32_t>(rng_.between(depth_min, depth_max));
  depth_ = std::max<std::uint32_t>(fixed_.depth.value_or(depth), 1);
  const bool at_race_points = rng_.one_in(2) && pilot_race_points_ > depth_;
  position_.begin(fixed_.at_race_points.value_or(at_race_points));
  const std::uint64_t seen = position_.at_race_points() ? pilot_race_points_ : pilot_steps_;
  const std::uint64_t length = fixed_.steps != 0 ? fixed_.steps : seen;
  draw_change_points(length != 0 ? length : length_default);
  lowest_ = above_spinners;
  threads_.clear();
}

void PctStrategy::draw_change_points(std::uint64_t length) {
  points_.clear();
  next_point_ = 0;
  for (std::uint32_t i = 1; i < depth_; ++i) points_.push_back({draw_point(rng_, length), above_spinners + i});
  std::sort(points_.begin(), points_.end(), [](const ChangePoint& a, const ChangePoint& b) {
    return a.at != b.at ? a.at < b.at : a.priority < b.priority;
  });
}

std::uint32_t PctStrategy::choose(Question q, std::uint32_t n) {
  return q == Question::fault ? faults_.answer(n) : rng_.below(n);
}

PctStrategy::Thread& PctStrategy::thread(ThreadId id) {
  while (threads_.size() <= id) threads_.push_back({priorities_.next() | above_change_points, 0});
  return threads_[id];
}

Pick PctStrategy::pick(const Situation& s) {
  fall(s);
  ThreadId highest = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (thread(c.thread).priority > thread(highest).priority) highest = c.thread;
  }
  const std::uint64_t longest = s.spinning != 0 ? spinner_waits : std::numeric_limits<std::uint32_t>::max();
  if (next_point_ == points_.size()) return {highest, static_cast<std::uint32_t>(longest)};
  return position_.until(points_[next_point_].at, highest, longest, s);
}

void PctStrategy::fall(const Situation& s) {
  Thread& current = thread(s.current);
  if (s.current_relaxes && ++current.spins >= spins_max) current = {--lowest_, 0};
  if (!position_.is_possible(s)) return;
  for (; next_point_ < points_.size() && points_[next_point_].at <= position_.at(s); ++next_point_) {
    current.priority = points_[next_point_].priority;
  }
}

}  // namespace jitterbug
