#include "harness/strategy/windows.h"

#include <algorithm>
#include <iterator>

namespace jitterbug {
namespace {

using rt::engine::no_thread;
using rt::engine::OpKind;

constexpr std::uint32_t kinds_one_in_choices[] = {2, 4, 4, 4};
constexpr std::uint32_t holds_choices[] = {0, 4, 1};
constexpr std::uint32_t burst_mean_choices[] = {0, 0, 0, 0, 1, 4, 64, 256};
constexpr std::uint32_t hold_steps_choices[] = {128, 256, 256, 256};

constexpr std::uint64_t slice_max = std::uint64_t{1} << 30;

// A thread that was held is below the others when it goes on.
constexpr std::uint32_t low_priorities = 1u << 30;

template <std::size_t n>
std::uint32_t draw(rt::Rng& rng, const std::uint32_t (&choices)[n], std::optional<std::uint32_t> fixed) {
  const std::uint32_t drawn = choices[rng.below(static_cast<std::uint32_t>(n))];
  return fixed.value_or(drawn);
}

}  // namespace

void WindowsStrategy::learn(const Pilot& pilot) {
  visits_.fill(0);
  for (const Pilot::Thread& thread : pilot.threads) {
    for (const Op& op : thread.operations) {
      if (is_race_point(op)) ++visits_[kind_of(op)];
    }
  }
}

void WindowsStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  walk_ = rng_.fork(1);
  faults_.begin(rng_.fork(2));
  const std::uint32_t kinds_one_in = draw(rng_, kinds_one_in_choices, fixed_.kinds_one_in);
  holds_ = draw(rng_, holds_choices, fixed_.holds);
  burst_mean_ = draw(rng_, burst_mean_choices, fixed_.burst_mean);
  hold_steps_ = std::max(draw(rng_, hold_steps_choices, fixed_.hold_steps), 1u);
  naps_ = rng_.one_in(2);
  for (std::size_t kind = 0; kind < kinds; ++kind) about_[kind] = rng_.one_in(kinds_one_in);
  burst_end_ = 0;
  considered_at_ = ~std::uint64_t{0};
  held_.begin();
  priorities_.clear();
}

std::uint32_t WindowsStrategy::choose(Question q, std::uint32_t n) {
  return q == Question::fault ? faults_.answer(n) : rng_.below(n);
}

std::uint64_t& WindowsStrategy::priority(ThreadId id) {
  while (priorities_.size() <= id) priorities_.push_back(walk_.next() | std::uint64_t{low_priorities});
  return priorities_[id];
}

std::size_t WindowsStrategy::kind_of(const Op& op) {
  if (op.kind == OpKind::window) return static_cast<std::size_t>(op.window);
  return op.kind == OpKind::futex_wake ? kinds - 2 : kinds - 1;
}

bool WindowsStrategy::is_about(const Op& op) const { return is_race_point(op) && about_[kind_of(op)]; }

Pick WindowsStrategy::pick(const Situation& s) {
  if (s.current_runnable && !s.current_relaxes) {
    if (s.step != considered_at_) consider_hold(s);
    if (s.step < burst_end_ && burst_mean_ != 0 && !held_.held(s.current, s.step)) {
      return {s.current, static_cast<std::uint32_t>(burst_end_ - s.step), race_points};
    }
  }
  const ThreadId next = draw_thread(s);
  if (next == no_thread) return {next};
  const std::uint32_t slice = draw_slice(s);
  burst_end_ = s.step + slice;
  return {next, slice, race_points};
}

void WindowsStrategy::consider_hold(const Situation& s) {
  considered_at_ = s.step;
  const Op* op = current_op(s);
  if (op == nullptr || !is_about(*op)) return;
  if (holds_ != 0 && !rng_.one_in(std::max(visits_[kind_of(*op)] / holds_, 1u))) return;
  held_.hold(s.current, s.step + 1 + hold_steps_ / 2 + rng_.below(hold_steps_));
  priority(s.current) = rng_.below(low_priorities);
}

ThreadId WindowsStrategy::draw_thread(const Situation& s) {
  const auto is_free = [&](const Candidate& c) { return !held_.held(c.thread, s.step); };
  const auto free = static_cast<std::uint32_t>(std::count_if(s.runnable.begin(), s.runnable.end(), is_free));
  if (free == 0) return held_.answer_when_all_are_held(s, naps_, rng_);
  if (burst_mean_ == 0) return draw_by_priority(s);
  std::uint32_t ticket = walk_.below(free);
  for (const Candidate& c : s.runnable) {
    if (is_free(c) && ticket-- == 0) return c.thread;
  }
  return s.runnable.front().thread;
}

ThreadId WindowsStrategy::draw_by_priority(const Situation& s) {
  ThreadId highest = no_thread;
  for (const Candidate& c : s.runnable) {
    if (held_.held(c.thread, s.step)) continue;
    if (highest == no_thread || priority(c.thread) > priority(highest)) highest = c.thread;
  }
  return highest;
}

// By priority, somebody who was held may be the next to run: a slice ends with a hold.
std::uint32_t WindowsStrategy::draw_slice(const Situation& s) {
  if (burst_mean_ != 0) return 1 + walk_.below(2 * burst_mean_ - 1);
  const std::uint64_t end = held_.first_end(s, s.step + (s.spinning != 0 ? spinner_waits : slice_max));
  return static_cast<std::uint32_t>(end - s.step);
}

}  // namespace jitterbug
