#include "harness/coverage/window_log.h"

#include <algorithm>

#include "harness/strategy/conflict.h"

namespace jitterbug {
Strategy& WindowLog::around(Strategy& decides) {
  forward_to(decides);
  accesses_.clear();
  passages_.clear();
  for (Thread& t : threads_) {
    t.own.clear();
    t.has_pending = false;
    t.passage = none;
    t.stands = false;
  }
  running_ = rt::engine::no_thread;
  objects_ = 0;
  return *this;
}

void WindowLog::close() {
  if (running_ != rt::engine::no_thread) move_on(running_);
  const auto now = static_cast<std::uint32_t>(accesses_.size());
  for (Thread& t : threads_) {
    if (t.passage == none) continue;
    Passage& last = passages_[t.passage];
    last.ceiling = static_cast<std::uint32_t>(t.own.size());
    if (t.stands) last.left = now;
    t.stands = false;
  }
}

WindowLog::Thread& WindowLog::thread(ThreadId id) {
  if (threads_.size() <= id) threads_.resize(id + 1);
  return threads_[id];
}

void WindowLog::thread_started(ThreadId id, ThreadId parent, std::string_view role) {
  thread(id);
  ForwardingStrategy::thread_started(id, parent, role);
}

// A thread that is not asked about runs on, and performs what it has announced. One
// that cannot run any more has performed it: it waits, or has ended.
Pick WindowLog::pick(const Situation& s) {
  if (running_ != rt::engine::no_thread && !s.current_runnable) move_on(running_);
  const Pick pick = ForwardingStrategy::pick(s);
  running_ = pick.thread;
  if (s.runnable.empty() || running_ == rt::engine::no_thread) return pick;
  const auto is_picked = [&](const Candidate& c) { return c.thread == pick.thread; };
  if (std::none_of(s.runnable.begin(), s.runnable.end(), is_picked)) running_ = s.runnable.front().thread;
  return pick;
}

// Another thread than before without a question: it was the only one left.
void WindowLog::announces(ThreadId id, const Op& op) {
  if (running_ != id && running_ != rt::engine::no_thread) move_on(running_);
  running_ = id;
  thread(id);
  move_on(id);
  threads_[id].pending = op;
  threads_[id].has_pending = true;
  if (op.kind == rt::engine::OpKind::window) arrive(id, op.window);
  ForwardingStrategy::announces(id, op);
}

void WindowLog::move_on(ThreadId id) {
  Thread& t = threads_[id];
  if (t.stands) {
    passages_[t.passage].left = static_cast<std::uint32_t>(accesses_.size());
    t.stands = false;
  }
  if (t.has_pending) perform(id, t.pending);
  t.has_pending = false;
}

void WindowLog::perform(ThreadId id, const Op& op) {
  const jitterbug::Access access = access_of(op);
  if (access.kind == ObjectKind::none) return;
  const std::uint32_t object = access.object * object_kinds + static_cast<std::uint32_t>(access.kind);
  objects_ = std::max(objects_, object + 1);
  threads_[id].own.push_back(static_cast<std::uint32_t>(accesses_.size()));
  accesses_.push_back({object, id, access.writes});
}

void WindowLog::arrive(ThreadId id, rt::Window window) {
  Thread& t = threads_[id];
  const auto own = static_cast<std::uint32_t>(t.own.size());
  const auto now = static_cast<std::uint32_t>(accesses_.size());
  std::uint32_t floor = 0;
  if (t.passage != none) {
    passages_[t.passage].ceiling = own;
    floor = passages_[t.passage].at;
  }
  t.passage = static_cast<std::uint32_t>(passages_.size());
  t.stands = true;
  passages_.push_back({window, id, now, now, own, floor, own});
}

}  // namespace jitterbug
