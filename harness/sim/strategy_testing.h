#pragma once
// For tests of strategies: threads that never wait, run without a machine; and, on
// one, a store that has to fall into another thread's window.

#include <algorithm>
#include <vector>

#include "harness/sim/testing.h"

#include "harness/strategy/strategy.h"

namespace jitterbug::testing {

// By thread: what it does.
using Program = std::vector<std::vector<Op>>;

// Runs the program to its end. The threads whose operations were performed, in order.
inline std::vector<ThreadId> order_of(Strategy& strategy, const Program& program) {
  std::vector<std::size_t> done(program.size());
  std::vector<ThreadId> steps;
  Situation s{};
  for (;;) {
    std::vector<Candidate> candidates;
    for (ThreadId t = 0; t < program.size(); ++t) {
      if (done[t] < program[t].size()) candidates.push_back({t, program[t][done[t]]});
    }
    if (candidates.empty()) return steps;
    ThreadId next = candidates.front().thread;
    if (candidates.size() > 1) {
      s.runnable = candidates;
      s.current_runnable = !steps.empty() && done[s.current] < program[s.current].size();
      next = strategy.pick(s).thread;
    }
    s.current = next;
    ++s.step;
    ++done[next];
    steps.push_back(next);
  }
}

// The number of switches away from a thread that has something left to do.
inline std::uint32_t preemptions(const std::vector<ThreadId>& order) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto rest = order.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (*rest != order[i] && std::find(rest, order.end(), order[i]) != order.end()) ++count;
  }
  return count;
}

class WindowToy {
 public:
  // Did the store fall into the window?
  bool hit(Strategy& strategy) {
    bool changed = false;
    result_ = machine_.run({}, strategy, judge_, [&] {
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      crew.start([&] {
        for (int i = 0; i < 60; ++i) word.load(rt::relaxed);
        word.store(1, rt::relaxed);
      });
      const std::uint32_t before = word.load(rt::relaxed);
      rt::os::race_window(rt::Window::nextp_before_wake);
      changed = before != word.load(rt::relaxed);
    });
    return changed;
  }

  const RunResult& result() const { return result_; }  // of the last run

 private:
  Machine machine_;
  RecordingJudge judge_{machine_};
  RunResult result_;
};

}  // namespace jitterbug::testing
