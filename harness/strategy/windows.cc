#include "harness/strategy/windows.h"

#include <algorithm>
#include <iterator>

namespace jitterbug {
namespace {

using rt::engine::no_thread;
using rt::engine::OpKind;

constexpr std::uint32_t kinds_one_in_choices[] = {2, 4, 4, 4};
constexpr std::uint32_t hold_one_in_choices[] = {1, 2, 8};
constexpr std::uint32_t burst_mean_choices[] = {0, 0, 0, 0, 1, 4, 64, 256};
constexpr std::uint32_t hold_steps_choices[] = {128, 256, 256, 256};

constexpr std::uint32_t race_points =
    bit_of(OpKind::window) | bit_of(OpKind::futex_wake) | bit_of(OpKind::thread_start);

// A hold must not outlast what a scheduler tolerates as bad luck.
constexpr rt::Duration nap_max = 1 * rt::millisecond;

constexpr std::uint64_t spinner_waits = 16;  // steps until a spinner may look again
constexpr std::uint64_t slice_max = std::uint64_t{1} << 30;

// A thread that was held is below the others when it goes on.
constexpr std::uint32_t low_priorities = 1u << 30;

template <std::size_t n>
std::uint32_t draw(rt::Rng& rng, const std::uint32_t (&choices)[n], std::optional<std::uint32_t> fixed) {
  const std::uint32_t drawn = choices[rng.below(static_cast<std::uint32_t>(n))];
  return fixed.value_or(drawn);
}

}  // namespace

void WindowsStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  walk_ = rng_.fork(1);
  const std::uint32_t kinds_one_in = draw(rng_, kinds_one_in_choices, fixed_.kinds_one_in);
  hold_one_in_ = draw(rng_, hold_one_in_choices, fixed_.hold_one_in);
  burst_mean_ = draw(rng_, burst_mean_choices, fixed_.burst_mean);
  hold_steps_ = std::max(draw(rng_, hold_steps_choices, fixed_.hold_steps), 1u);
  naps_ = rng_.one_in(2);
  for (std::size_t kind = 0; kind < kinds; ++kind) about_[kind] = rng_.one_in(kinds_one_in);
  burst_end_ = 0;
  considered_at_ = ~std::uint64_t{0};
  threads_.clear();
}

std::uint32_t WindowsStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

WindowsStrategy::Thread& WindowsStrategy::thread(ThreadId id) {
  while (threads_.size() <= id) threads_.push_back({walk_.next() | std::uint64_t{low_priorities}, 0});
  return threads_[id];
}

bool WindowsStrategy::is_about(const Op& op) const {
  switch (op.kind) {
    case OpKind::window: return about_[static_cast<std::size_t>(op.window)];
    case OpKind::futex_wake: return about_[kinds - 2];
    case OpKind::thread_start: return about_[kinds - 1];
    default: return false;
  }
}

Pick WindowsStrategy::pick(const Situation& s) {
  if (s.current_runnable && !s.current_relaxes) {
    if (s.step != considered_at_) consider_hold(s);
    if (s.step < burst_end_ && burst_mean_ != 0 && !held(s.current, s.step)) {
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
  for (const Candidate& c : s.runnable) {
    if (c.thread != s.current) continue;
    if (!is_about(c.op) || !rng_.one_in(hold_one_in_)) return;
    Thread& t = thread(s.current);
    t.held_until = s.step + 1 + hold_steps_ / 2 + rng_.below(hold_steps_);
    t.priority = rng_.below(low_priorities);
    return;
  }
}

ThreadId WindowsStrategy::draw_thread(const Situation& s) {
  const auto is_free = [&](const Candidate& c) { return !held(c.thread, s.step); };
  const auto free = static_cast<std::uint32_t>(std::count_if(s.runnable.begin(), s.runnable.end(), is_free));
  if (free == 0) return answer_when_all_are_held(s);
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
    if (held(c.thread, s.step)) continue;
    if (highest == no_thread || thread(c.thread).priority > thread(highest).priority) highest = c.thread;
  }
  return highest;
}

ThreadId WindowsStrategy::answer_when_all_are_held(const Situation& s) {
  if (s.spinning != 0) return no_thread;
  const bool someone_is_near = s.next_deadline != rt::forever && s.next_deadline - s.now <= nap_max;
  if (naps_ && someone_is_near && !rng_.one_in(4)) return no_thread;
  ThreadId first = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (thread(c.thread).held_until < thread(first).held_until) first = c.thread;
  }
  thread(first).held_until = 0;
  return first;
}

// By priority, somebody who was held may be the next to run: a slice ends with a hold.
std::uint32_t WindowsStrategy::draw_slice(const Situation& s) {
  if (burst_mean_ != 0) return 1 + walk_.below(2 * burst_mean_ - 1);
  std::uint64_t end = s.step + (s.spinning != 0 ? spinner_waits : slice_max);
  for (const Candidate& c : s.runnable) {
    if (held(c.thread, s.step)) end = std::min(end, thread(c.thread).held_until);
  }
  return static_cast<std::uint32_t>(end - s.step);
}

}  // namespace jitterbug
