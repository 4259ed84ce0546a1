#pragma once
// The pilot run of a strategy that wants to know the program before it draws a
// schedule: another strategy decides, this one writes down what it sees.

#include "harness/strategy/forward.h"

namespace jitterbug {

class PilotRun final : public ForwardingStrategy {
 public:
  // `pilot` decides; it must outlive this.
  explicit PilotRun(Strategy& pilot) : ForwardingStrategy(pilot) {}

  void begin(std::uint64_t seed) override {
    seen_ = {};
    ForwardingStrategy::begin(seed);
  }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override {
    if (seen_.threads.size() <= thread) seen_.threads.resize(thread + 1);
    seen_.threads[thread].role = role;
    seen_.threads[thread].parent = parent;
    ForwardingStrategy::thread_started(thread, parent, role);
  }
  void announces(ThreadId thread, const Op& op) override {
    seen_.threads[thread].operations.push_back(op);
    ++seen_.steps;
    ForwardingStrategy::announces(thread, op);
  }

  const Pilot& seen() const { return seen_; }

 private:
  Pilot seen_;
};

}  // namespace jitterbug
