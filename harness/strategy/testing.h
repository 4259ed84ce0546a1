#pragma once
// For tests of strategies: threads that never wait, run without a machine.

#include <vector>

#include "harness/strategy/strategy.h"

namespace jitterbug::testing {

// By thread: what it does.
using Program = std::vector<std::vector<Op>>;

// Runs the program to its end: whose operations were performed, in order.
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

}  // namespace jitterbug::testing
