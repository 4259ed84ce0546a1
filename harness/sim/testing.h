#pragma once
// For tests of the machine, and of parts that run on it: threads from lambdas, a judge
// that keeps a record, strategies that say what they are told, exploration over seeds.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/sim/machine.h"
#include "harness/strategy/random.h"
#include "runtime/os/os.h"

namespace jitterbug::testing {

// Starts virtual threads and joins them when it goes out of scope.
class Crew {
 public:
  Crew() = default;
  ~Crew() { join(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // False: the machine refused to start a thread.
  bool start(std::function<void()> body, const char* role = "crew") {
    Member& m = members_.emplace_back();
    m.body = std::move(body);
    return m.thread.start([](void* self) { static_cast<Member*>(self)->body(); }, &m, role);
  }
  void join() {
    for (Member& m : members_) {
      if (m.thread.joinable()) m.thread.join();
    }
  }

 private:
  struct Member {
    std::function<void()> body;
    rt::os::Thread thread;
  };
  std::list<Member> members_;
};

// Fails the run at whatever ends it early, and writes down what it was told.
class RecordingJudge : public Judge {
 public:
  explicit RecordingJudge(Machine& machine) : machine_(machine) {}

  void audit() override {
    ++audits;
    if (on_audit) on_audit();
  }
  void fatal(rt::Fatal, std::string_view message) override { machine_.fail(OracleId::assertion, message); }
  void slot_shared(ThreadId a, ThreadId b) override { shared.emplace_back(a, b); }
  void lock_misused(ThreadId, std::string_view how) override { misuses.emplace_back(how); }
  void resource_misused(std::string_view sentence) override { misuses.emplace_back(sentence); }
  void world_dead() override { machine_.fail(OracleId::deadlock, "nobody can run"); }
  void steps_exhausted() override { machine_.fail(OracleId::livelock, "the first thread has not ended"); }

  int audits = 0;
  std::function<void()> on_audit;
  std::vector<std::pair<ThreadId, ThreadId>> shared;
  std::vector<std::string> misuses;

 private:
  Machine& machine_;
};

// Lets the current thread run on for as long as it can; answers 0 to everything.
class RunOn : public Strategy {
 public:
  void begin(std::uint64_t) override {}
  Pick pick(const Situation& s) override {
    if (s.current_runnable && !s.current_relaxes) return {s.current, 1'000'000};
    return {s.runnable.front().thread, 1'000'000};
  }
  std::uint32_t choose(Question, std::uint32_t) override { return 0; }
};

// Asks a function at each step.
class AskEach : public RunOn {
 public:
  explicit AskEach(std::function<Pick(const Situation&)> answer) : answer_(std::move(answer)) {}
  Pick pick(const Situation& s) override { return answer_(s); }

 private:
  std::function<Pick(const Situation&)> answer_;
};

// On a virtual thread: ends the run as one that failed if it does not hold.
inline void require(bool holds, std::string_view invariant) {
  if (!holds) Machine::current()->fail(OracleId::assertion, invariant);
}

// A machine that uses its freedom once in n times: sleepers wake early or late, weak
// exchanges fail, polls return with nothing. Threads can always be had.
inline MachineOptions unreliable(std::uint32_t n) {
  using rt::engine::Fault;
  MachineOptions options;
  for (const Fault fault : {Fault::spurious_wake, Fault::weak_cas, Fault::late_timer, Fault::interrupted_poll}) {
    options.fault_one_in[static_cast<std::size_t>(fault)] = n;
  }
  return options;
}

// Runs a program under random walks, with faults in the runs of even seeds only.
class Explorer {
 public:
  explicit Explorer(const MachineOptions& options) : unreliable_(options), reliable_(options) {
    std::fill(std::begin(reliable_.fault_one_in), std::end(reliable_.fault_one_in), 0);
  }

  // What went wrong, with the seed: a thread waits for good, an invariant of the program or
  // a require() does not hold, a lock or a thread's slot is misused. Empty: nothing.
  std::string run(std::uint64_t seed, const std::function<void()>& body) {
    RecordingJudge judge(machine_);
    strategy_.begin(seed);
    const RunResult run = machine_.run(seed % 2 == 0 ? unreliable_ : reliable_, strategy_, judge, body);
    std::string wrong = run.failure ? run.failure->sentence : "";
    if (!run.failed() && !judge.misuses.empty()) wrong = judge.misuses.front();
    if (!run.failed() && !judge.shared.empty()) wrong = "two threads hold one slot";
    return wrong.empty() ? "" : "seed " + std::to_string(seed) + ": " + wrong;
  }

 private:
  MachineOptions unreliable_, reliable_;
  Machine machine_;
  RandomStrategy strategy_;
};

// Runs `body` from the seeds 1 to `runs`. What went wrong in the first run that failed, as
// above; empty: none failed.
inline std::string explore(std::uint64_t runs, const MachineOptions& options, const std::function<void()>& body) {
  Explorer explorer(options);
  std::string wrong;
  for (std::uint64_t seed = 1; seed <= runs && wrong.empty(); ++seed) wrong = explorer.run(seed, body);
  return wrong;
}

}  // namespace jitterbug::testing
