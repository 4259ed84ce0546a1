#include "harness/strategy/holds.h"

namespace jitterbug {
namespace {

// A hold must not outlast what a scheduler tolerates as bad luck.
constexpr rt::Duration nap_max = 1 * rt::millisecond;

constexpr std::uint32_t hold_ends_one_in = 4;

}  // namespace

std::uint64_t Holds::first_end(const Situation& s, std::uint64_t otherwise) const {
  for (const Candidate& c : s.runnable) {
    if (held(c.thread, s.step)) otherwise = std::min(otherwise, end_of(c.thread));
  }
  return otherwise;
}

ThreadId Holds::answer_when_all_are_held(const Situation& s, bool time_may_pass, rt::Rng& rng) {
  if (s.spinning != 0) return rt::engine::no_thread;
  const bool someone_is_near = s.next_deadline != rt::forever && s.next_deadline - s.now <= nap_max;
  if (time_may_pass && someone_is_near && !rng.one_in(hold_ends_one_in)) return rt::engine::no_thread;
  ThreadId first = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (end_of(c.thread) < end_of(first)) first = c.thread;
  }
  hold(first, 0);
  return first;
}

}  // namespace jitterbug
