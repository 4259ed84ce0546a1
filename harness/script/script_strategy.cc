#include "harness/script/script_strategy.h"

#include <algorithm>

namespace jitterbug {
namespace {

using rt::engine::no_thread;
using rt::engine::OpKind;

// While somebody is held: steps until the hold is looked at again. Its end may be
// noted at a mark, which is no operation.
constexpr std::uint32_t look_again = 32;

}  // namespace

void ScriptStrategy::begin(std::uint64_t seed) {
  threads_.clear();
  rest_.begin(seed);
}

ScriptStrategy::Thread& ScriptStrategy::thread(ThreadId id) {
  if (threads_.size() <= id) threads_.resize(id + 1);
  return threads_[id];
}

void ScriptStrategy::thread_started(ThreadId id, ThreadId, std::string_view role) {
  thread(id).role = stage_.script().role(role);
}

void ScriptStrategy::come(ThreadId id, Visit& visit, Place place) {
  if (!stage_.matters(place)) return;
  visit = {place, stage_.arrive(number(id), thread(id).role, place), rt::forever};
}

void ScriptStrategy::leave(ThreadId id, Visit& visit) {
  if (visit.place == no_place) return;
  const Visit left = visit;
  visit = {};
  if (!stage_.open(left.hold)) stage_.give_up(left.hold);  // nobody else could run
  stage_.leave(number(id), thread(id).role, left.place, left.hold);
}

bool ScriptStrategy::held(Visit& visit, rt::Instant now) {
  if (stage_.open(visit.hold)) return false;
  if (visit.since == rt::forever) visit.since = now;
  if (now - visit.since <= stage_.script().limit()) return true;
  stage_.give_up(visit.hold);
  return false;
}

void ScriptStrategy::announces(ThreadId id, const Op& op) {
  Visit& visit = thread(id).window;
  leave(id, visit);
  if (op.kind == OpKind::window) come(id, visit, place_of(op.window));
}

// Whoever was held goes on by being switched to.
void ScriptStrategy::runs(ThreadId id) {
  Visit& visit = thread(id).window;
  if (visit.hold != Stage::none) leave(id, visit);
}

void ScriptStrategy::come_to_mark(ThreadId id, std::string_view mark) {
  const Place place = stage_.script().mark(mark);
  if (place != no_place) come(id, thread(id).mark, place);
}

bool ScriptStrategy::held_at_mark(ThreadId id) { return !stage_.open(thread(id).mark.hold); }

void ScriptStrategy::leave_mark(ThreadId id) { leave(id, thread(id).mark); }

Pick ScriptStrategy::pick(const Situation& s) {
  free_.clear();
  for (const Candidate& c : s.runnable) {
    Thread& t = thread(c.thread);
    if (!held(t.window, s.now) && !held(t.mark, s.now)) free_.push_back(c);
  }
  if (free_.empty()) {
    if (s.may_hold_back()) return {no_thread};
    nobody_is_left(s);
    free_.assign(s.runnable.begin(), s.runnable.end());
  }
  Situation rest = s;
  rest.runnable = free_;
  const auto is_current = [&](const Candidate& c) { return c.thread == s.current; };
  rest.current_runnable = std::any_of(free_.begin(), free_.end(), is_current);
  Pick pick = rest_.pick(rest);
  if (free_.size() != s.runnable.size()) pick.slice = std::min(pick.slice, look_again);
  pick.stop_at |= bit_of(OpKind::window) | bit_of(OpKind::fence);
  return pick;
}

void ScriptStrategy::nobody_is_left(const Situation& s) {
  for (const Candidate& c : s.runnable) {
    const Thread& t = thread(c.thread);
    stage_.give_up(stage_.open(t.window.hold) ? t.mark.hold : t.window.hold);
  }
}

}  // namespace jitterbug
