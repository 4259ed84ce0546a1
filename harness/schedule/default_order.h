#pragma once
// Which thread runs where a schedule says nothing. The running thread goes on until it blocks,
// spins or ends; then comes the next one in cyclic order of numbers.
//
// A thread that a choice has preempted is held: it goes on only when no other thread can, as
// if it slept where it stands. Before that spinners have turns and time passes, up to a bound:
// longer would be a stall that no scheduler has to bear. Of several held threads the one that
// was preempted first goes on.
//
// Not thread-safe: part of one strategy.

#include <cstdint>
#include <vector>

#include "harness/strategy/strategy.h"

namespace jitterbug {

// The current thread stands before its operation. Otherwise it has performed it: it
// waits, or it has waited and nobody else has moved since.
inline bool is_preemption(const Situation& s) { return s.current_runnable && !s.current_waited; }

class DefaultOrder {
 public:
  void reset();
  // One of the candidates. no_thread: nobody runs now (only where Situation::may_hold_back()).
  ThreadId next(const Situation& s) const;

  // The thread is held from now on.
  void preempt(ThreadId thread);
  void runs(ThreadId thread);
  // Nobody ran: some time has passed, or a spinner has had a turn.
  void rested() { ++rests_; }

 private:
  bool held(ThreadId thread) const { return thread < held_since_.size() && held_since_[thread] != 0; }
  bool may_rest(const Situation& s) const;

  std::vector<std::uint64_t> held_since_;  // by thread; 0: it is not held
  std::uint64_t preemptions_ = 0;
  std::uint32_t rests_ = 0;  // since a held thread has moved
};

}  // namespace jitterbug
