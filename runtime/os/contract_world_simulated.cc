#include <gtest/gtest.h>

#include <random>
#include <string>

#include "harness/sim/machine.h"
#include "runtime/os/contract_world.h"

namespace rt::contract {
namespace {

using jitterbug::Machine;
using jitterbug::Pick;
using jitterbug::Question;
using jitterbug::Situation;

// Any runnable thread, for a few steps; in the calm each in its turn.
class AnyThread : public jitterbug::Strategy {
 public:
  void begin(std::uint64_t seed) override { random_.seed(seed); }
  Pick pick(const Situation& s) override {
    const std::size_t n = s.runnable.size();
    if (s.calm) return {s.runnable[s.step / 16 % n].thread, 16};
    const auto chosen = static_cast<std::size_t>(random_() % n);
    return {s.runnable[chosen].thread, 1 + static_cast<std::uint32_t>(random_() % 8)};
  }
  std::uint32_t choose(Question, std::uint32_t n) override { return static_cast<std::uint32_t>(random_() % n); }

 private:
  std::mt19937_64 random_;
};

// Whatever the machine complains about is a broken contract.
class Strict : public jitterbug::Judge {
 public:
  explicit Strict(Machine& machine) : machine_(machine) {}
  void fatal(Fatal, std::string_view message) override { machine_.fail("contract", std::string(message)); }
  void slot_shared(jitterbug::ThreadId, jitterbug::ThreadId) override {
    machine_.fail("contract", "two threads hold the same slot value");
  }
  void lock_misused(jitterbug::ThreadId, std::string_view how) override { machine_.fail("contract", std::string(how)); }
  void world_dead() override { machine_.fail("contract", "nobody can run, and the test has not ended"); }
  void steps_exhausted() override { machine_.fail("contract", "the test does not end"); }

 private:
  Machine& machine_;
};

}  // namespace

void in_world(const std::function<void()>& body) {
  Machine machine;
  Strict judge(machine);
  AnyThread strategy;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    strategy.begin(seed);
    bool ended = false;
    const jitterbug::RunResult result = machine.run({}, strategy, judge, [&] {
      body();
      ended = true;
    });
    EXPECT_FALSE(result.failed) << "seed " << seed << ": " << result.sentence;
    EXPECT_TRUE(ended);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace rt::contract
