#include "harness/sim/clock.h"

#include <algorithm>

namespace jitterbug {

void Clock::reset(rt::Duration step_ns) {
  step_ns_ = std::max<rt::Duration>(step_ns, 1);
  skipped_ = 0;
  sleepers_.clear();
  due_step_ = no_step;
}

void Clock::skip(rt::Duration d) {
  skipped_ += d;
  find_due_step();
}

void Clock::insert(rt::engine::ThreadId thread, rt::Instant deadline) {
  // In front of all that are not later: of equal deadlines the one armed first stays nearer to the back.
  auto place =
      std::find_if(sleepers_.begin(), sleepers_.end(), [deadline](const Sleeper& s) { return s.deadline <= deadline; });
  sleepers_.insert(place, Sleeper{deadline, thread});
  find_due_step();
}

bool Clock::sleeps(rt::engine::ThreadId thread) const {
  return std::any_of(sleepers_.begin(), sleepers_.end(), [thread](const Sleeper& s) { return s.thread == thread; });
}

void Clock::remove(rt::engine::ThreadId thread) {
  auto found =
      std::find_if(sleepers_.begin(), sleepers_.end(), [thread](const Sleeper& s) { return s.thread == thread; });
  if (found == sleepers_.end()) return;
  sleepers_.erase(found);
  find_due_step();
}

rt::engine::ThreadId Clock::take_due(rt::Instant now) {
  if (sleepers_.empty() || sleepers_.back().deadline > now) return rt::engine::no_thread;
  const rt::engine::ThreadId thread = sleepers_.back().thread;
  sleepers_.pop_back();
  find_due_step();
  return thread;
}

void Clock::find_due_step() {
  if (sleepers_.empty()) {
    due_step_ = no_step;
    return;
  }
  const rt::Duration left = std::max<rt::Duration>(sleepers_.back().deadline - skipped_, 0);
  due_step_ = static_cast<std::uint64_t>(left / step_ns_ + (left % step_ns_ != 0 ? 1 : 0));
}

}  // namespace jitterbug
