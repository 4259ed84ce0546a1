#include "harness/schedule/recorder.h"

#include <algorithm>

namespace jitterbug {

void Recorder::begin(std::uint64_t seed) {
  where_.reset();
  running_ = 0;
  order_.reset();
  rest_ = {};
  choices_.clear();
  ForwardingStrategy::begin(seed);
}

Pick Recorder::pick(const Situation& s) {
  const Pick pick = ForwardingStrategy::pick(s);
  const auto picked = [&](const Candidate& c) { return c.thread == pick.thread; };
  const bool candidate = std::any_of(s.runnable.begin(), s.runnable.end(), picked);
  if (pick.thread == rt::engine::no_thread && s.may_hold_back())
    rests(s);
  else
    continues(s, candidate ? pick.thread : s.runnable.front().thread);
  return pick;
}

void Recorder::add(Choice choice) {
  choices_.push_back(std::move(choice));
  if (told_) told_(choices_);
}

void Recorder::rests(const Situation& s) {
  if (!resting_at(s)) {
    const bool holds = s.current_runnable && !s.current_relaxes;
    rest_ = {Switch{where_.point(s.current), is_preemption(s), {}, 0}, s.step, s.current, true, false, holds};
  }
  rest_.differs |= order_.next(s) != rt::engine::no_thread;
  ++rest_.decision.pauses;
  order_.rested();
}

void Recorder::continues(const Situation& s, ThreadId next) {
  const bool differs = next != order_.next(s);
  if (resting_at(s)) {
    rest_.differs |= differs;
    return end_rest(next);
  }
  rest_.under_way = false;
  if (!differs) return;
  add(Switch{where_.point(s.current), is_preemption(s), where_.name(next), 0});
  if (s.current_runnable && !s.current_relaxes) order_.preempt(s.current);
}

void Recorder::end_rest(ThreadId next) {
  rest_.under_way = false;
  if (!rest_.differs) return;
  rest_.decision.next = where_.name(next);
  add(rest_.decision);
  if (rest_.holds && next != rest_.current) order_.preempt(rest_.current);
}

std::uint32_t Recorder::choose(Question q, std::uint32_t n) {
  const std::uint32_t answer = ForwardingStrategy::choose(q, n) % n;
  const std::uint32_t nth = where_.count_question(running_, q);
  if (answer != default_answer(q)) add(Answer{where_.name(running_), q, nth, answer});
  return answer;
}

void Recorder::thread_started(ThreadId thread, ThreadId parent, std::string_view role) {
  where_.thread_started(thread, role);
  ForwardingStrategy::thread_started(thread, parent, role);
}

void Recorder::announces(ThreadId thread, const Op& op) {
  if (rest_.under_way) end_rest(thread);
  running_ = thread;
  where_.announces(thread, op);
  ForwardingStrategy::announces(thread, op);
}

void Recorder::runs(ThreadId thread) {
  if (rest_.under_way) end_rest(thread);
  running_ = thread;
  order_.runs(thread);
  ForwardingStrategy::runs(thread);
}

}  // namespace jitterbug
