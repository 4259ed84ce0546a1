#include "harness/schedule/default_order.h"

namespace jitterbug {
namespace {

// While threads are held and nobody else can run: turns of spinners and jumps of time before
// one of them goes on, and the longest jump.
constexpr std::uint32_t rests_max = 256;
constexpr rt::Duration nap_max = 1 * rt::millisecond;

}  // namespace

void DefaultOrder::reset() {
  held_since_.clear();
  preemptions_ = 0;
  rests_ = 0;
}

ThreadId DefaultOrder::next(const Situation& s) const {
  if (s.current_runnable && !s.current_relaxes) return s.current;
  ThreadId first = rt::engine::no_thread, longest = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (held(c.thread)) {
      if (!held(longest) || held_since_[c.thread] < held_since_[longest]) longest = c.thread;
      continue;
    }
    if (c.thread > s.current) return c.thread;
    if (first == rt::engine::no_thread) first = c.thread;
  }
  if (first != rt::engine::no_thread) return first;
  return may_rest(s) ? rt::engine::no_thread : longest;
}

bool DefaultOrder::may_rest(const Situation& s) const {
  if (rests_ >= rests_max) return false;
  return s.spinning != 0 || (s.next_deadline != rt::forever && s.next_deadline - s.now <= nap_max);
}

void DefaultOrder::preempt(ThreadId thread) {
  if (held_since_.size() <= thread) held_since_.resize(thread + 1, 0);
  held_since_[thread] = ++preemptions_;
}

void DefaultOrder::runs(ThreadId thread) {
  if (!held(thread)) return;
  held_since_[thread] = 0;
  rests_ = 0;
}

}  // namespace jitterbug
