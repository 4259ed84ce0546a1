#pragma once
// The simulated machine: virtual threads on fibers of one OS thread, futexes, a
// clock, pipes and pollers, all under one strategy. It implements the questions
// of runtime/os/engine.h (simulate.cc forwards them here).
//
// One machine at a time per process. Making and destroying a run is cheap: stacks
// and tables are kept between runs.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/failure.h"
#include "harness/run/trace_text.h"
#include "harness/run/window_set.h"
#include "harness/strategy/strategy.h"
#include "runtime/os/engine.h"

namespace jitterbug {

using rt::Duration;
using rt::Instant;
using rt::Safeguard;
using rt::Window;

// The terms of a run, fixed before it starts: by the plan, or drawn from its seed.
struct MachineOptions {
  Duration step_ns = 50;              // virtual time one step costs
  // The storm: the strategy decides who runs, and calls may misbehave.
  std::uint64_t storm_steps = 4'000;
  // The calm after it: threads take turns, no call misbehaves, and the program must end. It is
  // prolonged while a thread sleeps and the calm has not lasted 20 ms of virtual time.
  std::uint64_t calm_steps = 120'000;
  std::uint32_t fault_one_in[static_cast<std::size_t>(rt::engine::Fault::count)] = {};  // 0: never
  std::uint32_t audit_every = 16;     // steps between two audits
  std::optional<Safeguard> lifted;
  std::size_t trace_capacity = 0;     // steps kept of the trace; 0: none
};

struct RunResult {
  std::optional<Failure> failure;
  std::uint64_t decisions = 0;
  std::uint64_t switches = 0;
  std::uint64_t digest = 0;    // of every step: thread, kind, object, choices
  bool safeguard_reached = false;  // the lifted safeguard was asked for
  WindowSet windows_entered;
  WindowSet windows_switched;        // another thread ran while one stood there
  std::vector<std::pair<std::string, Window>> last_windows;  // by thread role, when failed
  std::vector<TraceStep> trace;        // the last steps, oldest first

  bool failed() const { return failure.has_value(); }
};

// Who judges a run. The machine calls it between two steps, outside of every virtual thread: it
// may read the program's atomics, and that is no step.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual void audit() {}
  // The program gave up. The judge must call Machine::fail() or accept().
  virtual void fatal(rt::Fatal kind, std::string_view message) = 0;
  virtual void slot_shared(ThreadId a, ThreadId b) = 0;
  virtual void lock_misused(ThreadId t, std::string_view how) = 0;
  // A thread used what is not open, not running or not allocated. The sentence names it.
  virtual void resource_misused(std::string_view sentence) = 0;
  // Nobody can run, now or at any later time, and the main thread has not ended.
  virtual void world_dead() = 0;
  // The calm is over and the main thread has not ended.
  virtual void steps_exhausted() = 0;
};

class Machine {
 public:
  Machine();
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Runs `main` as the first virtual thread to its end, or until the judge fails
  // or accepts the run. strategy.begin() has been called.
  RunResult run(const MachineOptions& options, Strategy& strategy, Judge& judge,
                const std::function<void()>& main);

  // ---- For judges, during a run --------------------------------------------
  // Ends the run with a finding; the first one counts. From a judge's callback it
  // returns, and the machine abandons the run as soon as the callback returns;
  // from a virtual thread it does not return.
  void fail(OracleId oracle, std::string_view invariant, std::string sentence = "");
  // Ends the run as a good one: the program gave up, and rightly so.
  void accept();

  struct Moment {
    Instant now;
    std::uint64_t steps;
    bool calm;
  };
  Moment moment() const;
  Instant now() const { return moment().now; }
  std::uint64_t steps() const { return moment().steps; }
  bool calm() const { return moment().calm; }
  // Threads that have not ended, by role, e.g. live_threads("m"). An empty role stands for
  // every role.
  int live_threads(std::string_view role) const;
  // Those of them that are blocked, and cannot go on without a wake, an event or
  // the clock, in an operation of this kind: futex_wait, poll_wait, sleep or
  // thread_join. An empty role stands for every role.
  int blocked_threads(std::string_view role, rt::engine::OpKind kind) const;
  // Those of them that are blocked until a deadline at the latest, in any operation.
  int sleeping_threads(std::string_view role) const;
  bool faults_happened(rt::engine::Fault f) const;

  static Machine* current();  // the machine whose run is under way, or null

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace jitterbug
