// Spin loops: they starve nobody and end in time.

#include <gtest/gtest.h>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::os::Atomic;
using testing::AskEach;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct Relax : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  MachineOptions options;
};

TEST_F(Relax, ASpinnerIsNoCandidateWhileAnotherThreadCanRun) {
  bool spinner_offered = false;
  bool asked = false;
  AskEach strategy([&](const Situation& s) {
    asked = true;
    if (s.current_relaxes) {
      for (const Candidate& c : s.runnable) spinner_offered |= c.thread == s.current;
    }
    return Pick{s.runnable.back().thread, 1};
  });
  machine.run(options, strategy, judge, [] {
    Atomic<std::uint32_t> go{0};
    Crew crew;
    crew.start([&] {
      while (go.load(rt::acquire) == 0) rt::os::relax();
    });
    for (int i = 0; i < 50; ++i) go.load(rt::relaxed);
    go.store(1, rt::release);
  });
  EXPECT_TRUE(asked);
  EXPECT_FALSE(spinner_offered);
}

// Even a strategy that always prefers the spinner lets the other one move.
TEST_F(Relax, AStrategyCannotSpinForEver) {
  AskEach strategy([](const Situation& s) { return Pick{s.runnable.back().thread, 1'000'000}; });
  const RunResult r = machine.run(options, strategy, judge, [] {
    Atomic<std::uint32_t> go{0};
    Crew crew;
    crew.start([&] {
      while (go.load(rt::acquire) == 0) rt::os::relax();
    });
    for (int i = 0; i < 200; ++i) go.load(rt::relaxed);
    go.store(1, rt::release);
  });
  EXPECT_FALSE(r.failed());
  EXPECT_LT(r.decisions, 2'000u);
}

TEST_F(Relax, SpinnersAmongThemselvesTakeTurns) {
  RunOn strategy;
  options.storm_steps = 1'000;
  std::vector<int> rounds(4);
  machine.run(options, strategy, judge, [&] {
    Crew crew;
    for (int i = 0; i < 4; ++i) {
      crew.start([&, i] {
        for (;;) {
          rt::os::relax();
          ++rounds[static_cast<std::size_t>(i)];
        }
      });
    }
    for (;;) {
      if (machine.calm()) machine.accept();
      rt::os::relax();
    }
  });
  for (int n : rounds) EXPECT_NEAR(n, 200, 20);
}

TEST_F(Relax, ASpinWithATimeOutEnds) {
  RunOn strategy;
  const RunResult r = machine.run(options, strategy, judge, [] {
    const auto spin = [] {
      const rt::Instant begin = rt::os::now();
      for (;;) {
        const rt::Instant now = rt::os::now();
        if (now - begin >= 5 * rt::millisecond) return;
        rt::os::relax();
      }
    };
    Crew crew;
    for (int i = 0; i < 3; ++i) crew.start(spin);
    spin();
  });
  EXPECT_FALSE(r.failed());
  EXPECT_LT(r.decisions, options.storm_steps + options.calm_steps / 2);
}

class RelaxSeeds : public Relax, public ::testing::WithParamInterface<int> {};

// n threads spin with several operations per round until a sleeper with a far
// deadline tells them to stop.
TEST_P(RelaxSeeds, ManySpinnersDoNotStarveASleeper) {
  RandomStrategy strategy;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    strategy.begin(seed);
    const RunResult r = machine.run(options, strategy, judge, [] {
      Atomic<std::uint32_t> stop{0};
      Atomic<std::uint32_t> lock{1};
      Crew crew;
      for (int i = 0; i < GetParam(); ++i) {
        crew.start([&] {
          for (;;) {
            const std::uint32_t stopped = stop.load(rt::acquire);
            if (stopped != 0) return;
            std::uint32_t expected = 0;
            lock.cas_strong(expected, 1, rt::acquire, rt::relaxed);
            rt::os::relax();
          }
        });
      }
      rt::os::sleep(100 * rt::millisecond);
      stop.store(1, rt::release);
    });
    ASSERT_FALSE(r.failed()) << "seed " << seed << ": " << number_of(r.failure);
  }
}
INSTANTIATE_TEST_SUITE_P(Spinners, RelaxSeeds, ::testing::Values(1, 2, 7, 40));

}  // namespace
}  // namespace jitterbug
