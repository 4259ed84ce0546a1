#pragma once
// A strategy that stands before another one: it sees every step, and the other one
// answers and sees what it wants to see. Those derived from it override what they
// look at, and hand it on by calling the function of this class.
//
// Not thread-safe: one strategy drives one machine.

#include "harness/strategy/strategy.h"

namespace jitterbug {

class ForwardingStrategy : public Strategy {
 public:
  bool wants_pilot() const override { return decides_->wants_pilot(); }
  bool wants_every_run() const override { return decides_->wants_every_run(); }
  void learn(const Pilot& pilot) override { decides_->learn(pilot); }
  void begin(std::uint64_t seed) override { decides_->begin(seed); }
  Pick pick(const Situation& s) override { return decides_->pick(s); }
  std::uint32_t choose(Question q, std::uint32_t n) override { return decides_->choose(q, n); }

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override {
    if (it_watches_) decides_->thread_started(thread, parent, role);
  }
  void announces(ThreadId thread, const Op& op) override {
    if (it_watches_) decides_->announces(thread, op);
  }
  void runs(ThreadId thread) override {
    if (it_watches_) decides_->runs(thread);
  }

 protected:
  ForwardingStrategy() = default;
  // `decides` must outlive this.
  explicit ForwardingStrategy(Strategy& decides) { forward_to(decides); }
  // Before the first of the calls above, and between two runs.
  void forward_to(Strategy& decides) {
    decides_ = &decides;
    it_watches_ = decides.watches();
  }

 private:
  Strategy* decides_ = nullptr;
  bool it_watches_ = false;
};

}  // namespace jitterbug
