#include "harness/campaign/window_log.h"

#include <algorithm>
#include <optional>

#include "harness/sim/pipes.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;

enum class Space : std::uint32_t { word, poller, pipe, count };

struct Use {
  Space space;
  std::uint32_t number;
  bool writes;
};

// A wake and a wait on a word, a change and a wait on a poller do not commute.
// Reading a pipe takes out what is in it. Both ends of a pipe are one object.
std::optional<Use> use_of(const Op& op) {
  switch (op.kind) {
    case OpKind::load:
    case OpKind::futex_wait: return Use{Space::word, op.object, false};
    case OpKind::store:
    case OpKind::rmw:
    case OpKind::futex_wake: return Use{Space::word, op.object, true};
    case OpKind::poll_wait: return Use{Space::poller, op.object, false};
    case OpKind::poll_change:
    case OpKind::poll_wake: return Use{Space::poller, op.object, true};
    case OpKind::file_read:
    case OpKind::file_write: return Use{Space::pipe, (op.object - Pipes::first_descriptor) / 2, true};
    default: return std::nullopt;
  }
}

}  // namespace

Strategy& WindowLog::around(Strategy& decides) {
  decides_ = &decides;
  forwards_ = decides.watches();
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
  if (forwards_) decides_->thread_started(id, parent, role);
}

// A thread that is not asked about runs on, and performs what it has announced. One
// that cannot run any more has performed it: it waits, or has ended.
Pick WindowLog::pick(const Situation& s) {
  if (running_ != rt::engine::no_thread && !s.current_runnable) move_on(running_);
  const Pick pick = decides_->pick(s);
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
  if (op.kind == OpKind::window) arrive(id, op.window);
  if (forwards_) decides_->announces(id, op);
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
  const std::optional<Use> use = use_of(op);
  // Words that were made outside of a run have no number of their own.
  if (!use || (use->space == Space::word && use->number == 0)) return;
  const std::uint32_t object =
      use->number * static_cast<std::uint32_t>(Space::count) + static_cast<std::uint32_t>(use->space);
  objects_ = std::max(objects_, object + 1);
  threads_[id].own.push_back(static_cast<std::uint32_t>(accesses_.size()));
  accesses_.push_back({object, id, use->writes});
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
