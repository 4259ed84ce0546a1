// What a random walk with bursts and stalls promises.

#include "harness/strategy/random.h"

#include <gtest/gtest.h>

#include <map>

#include "harness/sim/strategy_testing.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;

Op op(OpKind kind) { return Op{kind}; }

// A strategy under question, without a machine.
struct Walk {
  explicit Walk(const RandomOptions& options, std::uint64_t seed = 1) : strategy(options) { strategy.begin(seed); }

  Pick ask(ThreadId current, bool runnable = true) {
    s.runnable = candidates;
    s.current = current;
    s.current_runnable = runnable;
    s.current_relaxes = false;
    return strategy.pick(s);
  }

  RandomStrategy strategy;
  std::vector<Candidate> candidates;
  Situation s{};
};

TEST(Random, EachRunnableThreadIsPickedAboutEquallyOften) {
  Walk walk({.burst_mean = 1, .skewed = false, .stall_sixteenths = 0});
  for (ThreadId t = 0; t < 4; ++t) walk.candidates.push_back({t, op(OpKind::load)});
  std::map<ThreadId, int> picked;
  ThreadId current = 0;
  for (int i = 0; i < 40'000; ++i) {
    ++walk.s.step;
    current = walk.ask(current).thread;
    ++picked[current];
  }
  for (ThreadId t = 0; t < 4; ++t) EXPECT_NEAR(picked[t], 10'000, 400) << "thread " << t;
}

TEST(Random, UnderSkewedOddsEachThreadIsStillPicked) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Walk walk({.burst_mean = 1, .skewed = true, .stall_sixteenths = 0}, seed);
    for (ThreadId t = 0; t < 4; ++t) walk.candidates.push_back({t, op(OpKind::load)});
    std::map<ThreadId, int> picked;
    for (int i = 0; i < 10'000; ++i) {
      ++walk.s.step;
      ++picked[walk.ask(0).thread];
    }
    EXPECT_EQ(picked.size(), 4u);
  }
}

TEST(Random, BurstsHaveTheirMeanAndVary) {
  for (std::uint32_t mean : {1u, 2u, 4u, 16u, 64u, 256u}) {
    Walk walk({.burst_mean = mean, .skewed = false, .stall_sixteenths = 0});
    walk.candidates = {{0, op(OpKind::load)}, {1, op(OpKind::load)}};
    double sum = 0;
    std::uint32_t longest = 0;
    constexpr int draws = 40'000;
    for (int i = 0; i < draws; ++i) {
      const Pick p = walk.ask(0);
      walk.s.step += p.slice;
      sum += p.slice;
      longest = std::max(longest, p.slice);
      ASSERT_GE(p.slice, 1u);
    }
    EXPECT_NEAR(sum / draws, mean, mean * 0.03);
    EXPECT_GE(longest, mean > 1 ? 4 * mean : 1);
  }
}

TEST(Random, ABurstGoesOnWhenTheMachineAsksEarly) {
  Walk walk({.burst_mean = 256, .skewed = false, .stall_sixteenths = 0});
  walk.candidates = {{0, op(OpKind::load)}, {1, op(OpKind::load)}};
  const Pick first = walk.ask(0);
  ASSERT_GT(first.slice, 2u);
  walk.s.step += 2;
  const Pick second = walk.ask(first.thread);
  EXPECT_EQ(second.thread, first.thread);
  EXPECT_EQ(second.slice, first.slice - 2);
}

// Every step of the current thread is in a window: half of them stall it.
TEST(Random, AStalledThreadWaitsWhileOthersRun) {
  Walk walk({.burst_mean = 1, .skewed = false, .stall_sixteenths = 16});
  walk.candidates = {{0, op(OpKind::window)}, {1, op(OpKind::load)}};
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t stalled_at = ++walk.s.step;
    ASSERT_EQ(walk.ask(0).thread, 1u);
    std::uint64_t released_at = 0;
    while (released_at == 0) {
      ++walk.s.step;
      if (walk.ask(1).thread == 0) released_at = walk.s.step;
    }
    ASSERT_GE(released_at - stalled_at, 8u);
    ASSERT_LE(released_at - stalled_at, 4'200u);
  }
}

TEST(Random, AStalledThreadGoesOnWhenNobodyElseCan) {
  Walk walk({.burst_mean = 1, .skewed = false, .stall_sixteenths = 16});
  walk.candidates = {{0, op(OpKind::window)}};
  walk.s.step = 1;
  EXPECT_EQ(walk.ask(0).thread, 0u);
}

TEST(Random, DuringAStallTimeMayPassOrASpinnerMove) {
  Walk walk({.burst_mean = 1, .skewed = false, .stall_sixteenths = 16});
  walk.candidates = {{0, op(OpKind::window)}};
  int passed = 0;
  walk.s.next_deadline = 20 * rt::microsecond;
  for (int i = 0; i < 1'000; ++i) {
    walk.s.step += 10'000;
    passed += walk.ask(0).thread == rt::engine::no_thread ? 1 : 0;
  }
  EXPECT_NEAR(passed, 750, 60);

  walk.s.next_deadline = rt::second;  // too far to be waited for
  walk.s.step += 10'000;
  EXPECT_EQ(walk.ask(0).thread, 0u);

  walk.s.spinning = 1;
  walk.s.step += 10'000;
  EXPECT_EQ(walk.ask(0).thread, rt::engine::no_thread);
}

TEST(Random, ItAsksToBeStoppedAtWindowsOnlyIfItStalls) {
  Walk calm({.burst_mean = 4, .stall_sixteenths = 0});
  calm.candidates = {{0, op(OpKind::load)}, {1, op(OpKind::load)}};
  EXPECT_EQ(calm.ask(0).stop_at, 0u);
  Walk stalling({.burst_mean = 4, .stall_sixteenths = 1});
  stalling.candidates = calm.candidates;
  EXPECT_NE(stalling.ask(0).stop_at & bit_of(OpKind::window), 0u);
}

TEST(Random, WhatIsNotFixedIsDrawnFromTheSeed) {
  RandomStrategy strategy;
  std::map<std::uint32_t, int> means;
  std::map<std::uint32_t, int> stalls;
  int skewed = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    strategy.begin(seed);
    ++means[strategy.burst_mean()];
    ++stalls[strategy.stall_sixteenths()];
    skewed += strategy.skewed() ? 1 : 0;
  }
  EXPECT_EQ(means.size(), 6u);
  EXPECT_EQ(stalls.size(), 4u);
  EXPECT_NEAR(skewed, 300, 60);
}

TEST(Random, StallsOpenAWindowThatBurstsLeaveShut) {
  const auto hits = [](std::uint32_t stall_sixteenths) {
    testing::WindowToy toy;
    RandomStrategy strategy({.burst_mean = 64, .skewed = false, .stall_sixteenths = stall_sixteenths});
    int hit = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      strategy.begin(seed);
      hit += toy.hit(strategy) ? 1 : 0;
    }
    return hit;
  };
  const int without = hits(0);
  const int with = hits(8);
  EXPECT_LT(without, 20);
  EXPECT_GT(with, 50);
}

}  // namespace
}  // namespace jitterbug
