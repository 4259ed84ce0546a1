#pragma once
// The pilot run of a strategy that wants to know the program before it draws a
// schedule: another strategy decides, this one writes down what it sees.

#include "harness/strategy/strategy.h"

namespace jitterbug {

class PilotRun final : public Strategy {
 public:
  // `pilot` decides; it must outlive this.
  explicit PilotRun(Strategy& pilot) : pilot_(pilot) {}

  std::string_view name() const override { return pilot_.name(); }
  void begin(std::uint64_t seed) override {
    seen_ = {};
    pilot_.begin(seed);
  }
  Pick pick(const Situation& s) override { return pilot_.pick(s); }
  std::uint32_t choose(Question q, std::uint32_t n) override { return pilot_.choose(q, n); }

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override {
    if (seen_.threads.size() <= thread) seen_.threads.resize(thread + 1);
    seen_.threads[thread].role = role;
    seen_.threads[thread].parent = parent;
  }
  void announces(ThreadId thread, const Op& op) override {
    seen_.threads[thread].operations.push_back(op);
    ++seen_.steps;
  }

  const Pilot& seen() const { return seen_; }

 private:
  Strategy& pilot_;
  Pilot seen_;
};

}  // namespace jitterbug
