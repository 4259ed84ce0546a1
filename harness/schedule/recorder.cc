#include "harness/schedule/recorder.h"

#include <algorithm>

namespace jitterbug {

void Recorder::begin(std::uint64_t seed) {
  where_.reset();
  running_ = 0;
  pause_ = {};
  choices_.clear();
  decides_.begin(seed);
}

Pick Recorder::pick(const Situation& s) {
  const Pick pick = decides_.pick(s);
  const auto picked = [&](const Candidate& c) { return c.thread == pick.thread; };
  const bool candidate = std::any_of(s.runnable.begin(), s.runnable.end(), picked);
  if (pick.thread == rt::engine::no_thread && s.may_hold_back())
    pauses(s);
  else
    continues(s, candidate ? pick.thread : s.runnable.front().thread);
  return pick;
}

void Recorder::pauses(const Situation& s) {
  const bool goes_on = pause_.pending && pause_.step == s.step && pause_.current == s.current;
  if (!goes_on) {
    pause_ = {Switch{where_.point(s.current), s.current_runnable, {}, 0}, s.step, s.current, true};
  }
  ++pause_.decision.pauses;
}

void Recorder::continues(const Situation& s, ThreadId next) {
  if (pause_.pending) return end_pause(next);
  if (next == default_next(s)) return;
  choices_.push_back(Switch{where_.point(s.current), s.current_runnable, where_.name(next), 0});
}

void Recorder::end_pause(ThreadId next) {
  pause_.pending = false;
  pause_.decision.next = where_.name(next);
  choices_.push_back(pause_.decision);
}

std::uint32_t Recorder::choose(Question q, std::uint32_t n) {
  const std::uint32_t answer = decides_.choose(q, n) % n;
  const std::uint32_t nth = where_.count_question(running_, q);
  if (answer != default_answer(q)) choices_.push_back(Answer{where_.name(running_), q, nth, answer});
  return answer;
}

void Recorder::thread_started(ThreadId thread, ThreadId parent, std::string_view role) {
  where_.thread_started(thread, role);
  decides_.thread_started(thread, parent, role);
}

void Recorder::announces(ThreadId thread, const Op& op) {
  if (pause_.pending) end_pause(thread);
  running_ = thread;
  where_.announces(thread, op);
  if (decides_.watches()) decides_.announces(thread, op);
}

void Recorder::runs(ThreadId thread) {
  if (pause_.pending) end_pause(thread);
  running_ = thread;
  decides_.runs(thread);
}

}  // namespace jitterbug
