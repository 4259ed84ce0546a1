#pragma once
// For tests of the machine: threads from lambdas, a judge that keeps a record,
// strategies that say what they are told.

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "harness/sim/machine.h"
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
  void fatal(rt::Fatal, std::string_view message) override { machine_.fail("fatal", std::string(message)); }
  void slot_shared(ThreadId a, ThreadId b) override { shared.emplace_back(a, b); }
  void lock_misused(ThreadId, std::string_view how) override { misuses.emplace_back(how); }
  void world_dead() override { machine_.fail("dead", "nobody can run"); }
  void steps_exhausted() override { machine_.fail("exhausted", "the first thread has not ended"); }

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

}  // namespace jitterbug::testing
