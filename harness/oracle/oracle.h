#pragma once
// What an oracle is: a judge of one property of the scheduler. It is shown the state at
// regular moments of a run and says when the property does not hold.
//
// One set of oracles lives for one run. The machine calls them between two steps, one call at a
// time, while no virtual thread runs; only at_end() is called by the run's own first thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/run/failure.h"
#include "harness/scene/scene.h"
#include "runtime/api/inspect.h"
#include "runtime/os/engine.h"

namespace jitterbug {

// Everything an oracle may base its judgement on. What oracles ask for at each audit is read
// in passing; what they want to know when something looks wrong is a call.
class Evidence {
 public:
  virtual ~Evidence() = default;
  Evidence(const Evidence&) = delete;
  Evidence& operator=(const Evidence&) = delete;

  rt::Instant now() const { return now_; }        // nanoseconds of virtual time
  std::uint64_t steps() const { return steps_; }  // since the run began
  bool calm() const { return calm_; }             // fair scheduling, no faults
  const Ledger& ledger() const { return ledger_; }
  const rt::Counters& counters() const { return counters_; }  // of the runtime under test

  // Threads that have not ended, by role: "main", "m", "sysmon", "external"; an empty
  // role stands for every role and costs nothing.
  virtual int live_threads(std::string_view role) const = 0;
  // Those of them that are blocked in an operation of this kind; an empty role
  // stands for every role.
  virtual int blocked_threads(std::string_view role, rt::engine::OpKind kind) const = 0;
  // Those of them that sleep until a deadline at the latest. Threads that wait for a lock are
  // not among them.
  virtual int sleeping_threads(std::string_view role) const = 0;
  virtual bool thread_refused() const = 0;  // the system has refused a thread in this run

  // The runtime under test, in full. The snapshot is taken at its first use and costs a
  // hundred times as much as the counters. While a lock of the runtime is held
  // (counters().lock_free is false) it has no Ps, Ms and Gs: taking it needs one.
  virtual const rt::Snapshot& snapshot() const = 0;
  virtual std::string state_line() const = 0;  // the runtime's own one-line dump

 protected:
  // Both must live as long as the evidence.
  Evidence(const Ledger& ledger, const rt::Counters& counters) : ledger_(ledger), counters_(counters) {}

  // Of the moment of the evidence; whoever provides it keeps them up to date.
  rt::Instant now_ = 0;
  std::uint64_t steps_ = 0;
  bool calm_ = false;

 private:
  const Ledger& ledger_;
  const rt::Counters& counters_;
};

// Takes judgements. The first one decides the run.
class Verdict {
 public:
  virtual ~Verdict() = default;
  // An invariant of the oracle does not hold: the run has failed. The sentence says what was
  // seen, with numbers.
  virtual void fail(OracleId oracle, std::string_view invariant, std::string sentence) = 0;
  // The runtime gave up (rt::Fatal), and that was right: the run has passed.
  virtual void accept() = 0;
};

class Oracle {
 public:
  virtual ~Oracle() = default;

  // A moment between two steps, after run() has set up the runtime and before main returns
  // (counters().started and not stopping).
  virtual void audit(const Evidence&, Verdict&) {}
  // The runtime gave up.
  virtual void fatal(const Evidence&, Verdict&, rt::Fatal, std::string_view) {}
  // No thread can ever run again, and the program has not ended.
  virtual void world_dead(const Evidence&, Verdict&) {}
  // The calm is over and the program has not ended.
  virtual void steps_exhausted(const Evidence&, Verdict&) {}
  // run() has returned and every external thread of the scene has ended.
  virtual void at_end(const Evidence&, Verdict&) {}
  // A lock of the runtime was used against its rules.
  virtual void lock_misused(Verdict&, rt::engine::ThreadId, std::string_view) {}
  // A thread used a descriptor, a poller, a stack or another thread that is not there to be used.
  virtual void resource_misused(Verdict&, std::string_view) {}
  // Two threads hold the same M.
  virtual void slot_shared(Verdict&, rt::engine::ThreadId, rt::engine::ThreadId) {}
};

}  // namespace jitterbug
