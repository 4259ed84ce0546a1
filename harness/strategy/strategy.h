#pragma once
// Who runs next. A strategy sees every thread's announced operation and answers
// every question that has more than one answer, through one stream: replaying its
// answers replays the run.
//
// Not thread-safe: one strategy drives one machine on one OS thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/os/engine.h"

namespace jitterbug {

using rt::engine::Op;
using rt::engine::ThreadId;

// A thread that could go on, and what it would do next. A thread that has just
// started shows thread_start; one that has just been woken shows what it was
// blocked in.
struct Candidate {
  ThreadId thread;
  Op op;
};

// The question "who runs next?".
struct Situation {
  std::span<const Candidate> runnable;  // never empty; in order of thread number; without the spinning ones
  ThreadId current;                     // who ran last
  bool current_runnable;
  bool current_relaxes;                 // it spins: it would gain nothing from running on
  bool calm;                            // storms are over: be fair
  std::uint64_t step;
  bool current_waited = false;              // it has waited in its operation and is through with that
  std::uint32_t spinning = 0;               // threads left out because they would only spin
  rt::Instant now = 0;
  rt::Instant next_deadline = rt::forever;  // when the next sleeper wakes; forever: nobody sleeps

  // Nobody of `runnable` has to run: a spinner may move, or time may pass.
  bool may_hold_back() const { return spinning != 0 || next_deadline != rt::forever; }
};

struct Pick {
  // One of Situation::runnable; anything else counts as the first of them. Or
  // no_thread, where may_hold_back(): none of them runs now. A spinning thread
  // gets a turn, or else time passes until the next sleeper wakes.
  ThreadId thread;
  // The machine asks again after this many steps of that thread at the latest,
  // and earlier when it blocks, spins, ends, or another thread becomes runnable.
  std::uint32_t slice = 1;
  // It also asks when the thread announces an operation of one of these kinds,
  // before it is performed. A bit set: see bit_of.
  std::uint32_t stop_at = 0;
};

constexpr std::uint32_t bit_of(rt::engine::OpKind k) { return std::uint32_t{1} << static_cast<unsigned>(k); }

// Where races are decided: a thread stands in a race window, or is about to wake or
// to start another one.
inline constexpr std::uint32_t race_points = bit_of(rt::engine::OpKind::window) |
                                             bit_of(rt::engine::OpKind::futex_wake) |
                                             bit_of(rt::engine::OpKind::thread_start);

constexpr bool is_race_point(const Op& op) { return (race_points & bit_of(op.kind)) != 0; }

// Steps of the others after which a thread that spins may look again.
inline constexpr std::uint32_t spinner_waits = 16;

// What the one who ran last announces next; null: it is no candidate.
inline const Op* current_op(const Situation& s) {
  for (const Candidate& c : s.runnable) {
    if (c.thread == s.current) return &c.op;
  }
  return nullptr;
}

// The next candidate in cyclic order of number; the one who ran last comes last.
inline ThreadId next_in_turn(const Situation& s) {
  for (const Candidate& c : s.runnable) {
    if (c.thread > s.current) return c.thread;
  }
  return s.runnable.front().thread;
}

enum class Question : std::uint8_t {
  program,    // the program's own choice: where to start stealing
  fault,      // does the layer below misbehave?
  wake_order, // which of several sleepers on a word wakes
  time,       // how far a late timer overshoots
  count
};

// What a run of the same program was like, under this strategy or another one.
struct Pilot {
  struct Thread {
    std::string role;
    ThreadId parent;             // the thread that started it; itself: nobody did
    std::vector<Op> operations;  // of the storm, in the order in which it announced them
  };
  std::vector<Thread> threads;  // by number
  std::uint64_t steps = 0;      // of the storm, of all threads together

  std::uint64_t race_points() const {
    std::uint64_t count = 0;
    for (const Thread& thread : threads) {
      for (const Op& op : thread.operations) count += is_race_point(op) ? 1 : 0;
    }
    return count;
  }
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // True: whoever drives runs makes a pilot run first and calls learn() with what it
  // was like, before each begin() whose run is of another program or parameters.
  virtual bool wants_pilot() const { return false; }
  // True: if the next run is of the same program and parameters, learn() is called
  // with what this one was like, and adds that to what earlier runs have shown.
  virtual bool wants_every_run() const { return false; }
  virtual void learn(const Pilot&) {}

  // Starts a new run. Equal seeds give equal answers to equal questions.
  virtual void begin(std::uint64_t seed) = 0;
  // Asked where more than one answer exists, and not in the calm.
  virtual Pick pick(const Situation& s) = 0;
  // A number in [0, n), n >= 2. Any other answer is taken modulo n.
  virtual std::uint32_t choose(Question q, std::uint32_t n) = 0;

  // True: the three below are called, and no step of the storm goes unseen.
  virtual bool watches() const { return false; }
  // The thread exists from now on. parent == thread: the run's first one.
  virtual void thread_started(ThreadId thread, ThreadId parent, std::string_view role) {
    static_cast<void>(thread), static_cast<void>(parent), static_cast<void>(role);
  }
  // The thread has arrived at the operation and performs it when it runs on. Called
  // before pick() is, if it is.
  virtual void announces(ThreadId thread, const Op& op) { static_cast<void>(thread), static_cast<void>(op); }
  // The thread runs from now on in the place of another one, by pick() or because
  // nobody else could. The run's first thread runs from its beginning.
  virtual void runs(ThreadId thread) { static_cast<void>(thread); }
};

}  // namespace jitterbug
