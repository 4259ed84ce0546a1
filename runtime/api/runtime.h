#pragma once
// What a program includes: an M:N scheduler that runs many Gs (cheap threads of
// control, each on a stack of its own) on a few operating-system threads.
//
//   rt::Runtime runtime({.procs = 4});
//   runtime.run([] {
//     rt::WaitGroup all;
//     for (int i = 0; i < 100; ++i) {
//       all.add(1);
//       rt::go([&] { work(); all.done(); });
//     }
//     all.wait();
//   });
//
// The algorithm is the G/M/P scheduler of the Go runtime in its state of Go 1.21.
// Scheduling is cooperative: a G runs until it parks, yields, sleeps, makes a
// blocking call, passes a checkpoint() after it was asked to make room, or ends.
//
// Errors: what a program cannot survive prints one line, `fatal: KIND: ...`, and aborts.
// The kinds are: deadlock (every G waits for another one), thread exhaustion (more
// threads than the limit, or than the system gives), out of memory (for a G, its stack,
// a timer, a thread's M), refused by the system (no descriptor for the poller), broken
// invariant (of the scheduler). Where the program itself allocates, to construct a
// Runtime or a body, it is thrown std::bad_alloc.

#include <cstddef>
#include <functional>
#include <memory>

#include "runtime/os/os.h"
#include "runtime/sched/options.h"

namespace rt {

class Sched;
struct Snapshot;
struct Counters;

// One scheduler. Several may exist in a process, and each thread serves at most
// one of them at a time. run() is called once.
class Runtime {
 public:
  explicit Runtime(const Options& options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Runs main as the first G; the calling thread becomes the first M. Returns
  // when main has returned and every thread the runtime made has been joined.
  // Gs that are left then are abandoned where they stand: their stacks are freed,
  // their frames are not unwound. A G that computes without ever reaching a
  // scheduling point holds run() up.
  void run(std::function<void()> main);

  // Runs body as a G on the calling thread, which must not belong to a runtime,
  // and returns when body has returned. Any number of external threads may call
  // at once; each waits for a P. Gs that all wait while no callback is under way
  // are a deadlock: a G that waits for external threads does so in a handoff_call().
  // Safe from before run() starts until the Runtime
  // is destroyed. False: the runtime has stopped and body did not run to its end, if at all; what
  // it captured is kept until the Runtime is destroyed.
  bool callback(std::function<void()> body);

  // Observers (see inspect.h). Thread-safe, but no consistent cut while Ms run.
  void counters(Counters& out) const;
  void snapshot(Snapshot& out) const;
  // One line in the manner of schedtrace; returns its length, at most size - 1.
  std::size_t trace_line(char* to, std::size_t size) const;

 private:
  std::unique_ptr<Sched> sched_;
};

// ---- Called on a G ------------------------------------------------------------

// A body must not throw, must not suspend inside a catch handler, and must not
// keep errno or thread_local state across a suspension: the G may go on elsewhere.

// Starts a G that runs body. Safe from any G.
void go(std::function<void()> body);

// Lets other runnable Gs go first.
void yield();

// Suspends the calling G for at least d nanoseconds; d <= 0: a yield().
void sleep(Duration d);

// Makes room if sysmon has asked the calling G to; for loops that compute long.
void checkpoint();

// Runs body, which may block its thread and must use nothing of the runtime nor
// throw, as a system call: the P goes to other
// Gs if the call takes longer than a short one would.
template <class Body>
void blocking_call(Body&& body);

// As blocking_call, for calls that will block for certain: the P is given away
// before the call.
template <class Body>
void handoff_call(Body&& body);

// Ties the calling G to its thread until unlock_thread(); calls nest. A G that
// ends while it is tied takes its thread with it.
void lock_thread();
void unlock_thread();

namespace detail {
void enter_syscall();
void enter_syscall_block();
void exit_syscall();
}  // namespace detail

template <class Body>
void blocking_call(Body&& body) {
  detail::enter_syscall();
  body();
  detail::exit_syscall();
}

template <class Body>
void handoff_call(Body&& body) {
  detail::enter_syscall_block();
  body();
  detail::exit_syscall();
}

}  // namespace rt
