#pragma once
// Virtual time, and which thread sleeps until when. Time is the number of steps times the time
// of a step, plus what was skipped; it never goes back.
//
// Not thread-safe: part of one machine.

#include <cstdint>
#include <limits>
#include <vector>

#include "runtime/os/engine.h"

namespace jitterbug {

class Clock {
 public:
  static constexpr rt::Instant never = std::numeric_limits<rt::Instant>::max();
  static constexpr std::uint64_t no_step = std::numeric_limits<std::uint64_t>::max();

  // Starts a run at time 0. step_ns >= 1.
  void reset(rt::Duration step_ns);

  rt::Instant at(std::uint64_t steps) const { return skipped_ + static_cast<rt::Instant>(steps) * step_ns_; }
  rt::Duration step_ns() const { return step_ns_; }

  // Lets `d` nanoseconds pass at once.
  void skip(rt::Duration d);

  // `thread` is due at `deadline`; it has one deadline at a time. never: nothing happens.
  void arm(rt::engine::ThreadId thread, rt::Instant deadline) {
    if (deadline != never) insert(thread, deadline);
  }
  void disarm(rt::engine::ThreadId thread) {
    if (anyone_sleeps()) remove(thread);
  }

  bool sleeps(rt::engine::ThreadId thread) const;
  bool anyone_sleeps() const { return !sleepers_.empty(); }
  rt::Instant earliest() const { return sleepers_.empty() ? never : sleepers_.back().deadline; }

  // The first step at which a thread is due; no_step: none sleeps.
  std::uint64_t due_step() const { return due_step_; }

  // Takes the thread that is due first, in order of deadline and then of arming. no_thread: none
  // is due at `now`.
  rt::engine::ThreadId take_due(rt::Instant now);

 private:
  struct Sleeper {
    rt::Instant deadline;
    rt::engine::ThreadId thread;
  };

  void insert(rt::engine::ThreadId thread, rt::Instant deadline);
  void remove(rt::engine::ThreadId thread);
  void find_due_step();

  rt::Duration step_ns_ = 1;
  rt::Instant skipped_ = 0;
  std::uint64_t due_step_ = no_step;
  std::vector<Sleeper> sleepers_;  // the earliest at the back
};

}  // namespace jitterbug
