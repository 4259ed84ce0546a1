// What a scheduler with few delays promises.

#include "harness/strategy/bounded.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "harness/sim/strategy_testing.h"
#include "harness/sim/testing.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;
using testing::order_of;
using testing::preemptions;
using testing::Program;

using Order = std::vector<ThreadId>;

Program steps_of(OpKind kind, std::size_t count) {
  return Program(3, std::vector<Op>(count, Op{kind, rt::Window::nextp_before_wake}));
}

TEST(Bounded, EachPreemptionTakesADelay) {
  BoundedStrategy strategy;
  std::map<std::uint32_t, int> seen;
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    strategy.begin(seed);
    const std::uint32_t count = preemptions(order_of(strategy, steps_of(OpKind::window, 40)));
    ASSERT_LE(count, strategy.delays().size());
    ++seen[count];
  }
  for (std::uint32_t count : {0u, 1u, 2u, 3u}) EXPECT_GT(seen[count], 20) << count << " preemptions";
}

TEST(Bounded, TheBoundIsSmallMoreOftenThanLarge) {
  BoundedStrategy strategy;
  std::map<std::size_t, int> bounds;
  int at_race_points = 0;
  constexpr int runs = 8'000;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    strategy.begin(seed);
    ++bounds[strategy.delays().size()];
    at_race_points += strategy.at_race_points() ? 1 : 0;
  }
  for (std::size_t n : {1u, 2u, 3u, 4u}) EXPECT_NEAR(bounds[n], runs >> n, 200) << n << " delays";
  EXPECT_NEAR(at_race_points, runs / 2, 200);
}

TEST(Bounded, DelaysFallAnywhereInARunAsLongAsThePilotRun) {
  Pilot pilot;
  pilot.steps = 50;
  pilot.threads.push_back({"main", 0, std::vector<Op>(10, Op{OpKind::window})});
  BoundedStrategy strategy;
  EXPECT_TRUE(strategy.wants_pilot());
  strategy.learn(pilot);
  std::uint64_t last[2] = {};  // steps; race points
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    strategy.begin(seed);
    std::uint64_t& latest = last[strategy.at_race_points() ? 1 : 0];
    latest = std::max(latest, strategy.delays().back());
    EXPECT_GE(strategy.delays().front(), 1u);
  }
  EXPECT_EQ(last[0], 50u);
  EXPECT_EQ(last[1], 10u);
}

// A delay at a race point passes over a thread that stands at one: never in between.
TEST(Bounded, DelaysAtRacePointsFallNowhereElse) {
  BoundedStrategy strategy;
  int preempted = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    strategy.begin(seed);
    const std::uint32_t count = preemptions(order_of(strategy, steps_of(OpKind::load, 40)));
    if (strategy.at_race_points()) {
      ASSERT_EQ(count, 0u);
    } else {
      preempted += count != 0 ? 1 : 0;
    }
  }
  EXPECT_GT(preempted, 300);
}

TEST(Bounded, EqualSeedsGiveEqualRuns) {
  BoundedStrategy first;
  BoundedStrategy second;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    first.begin(seed);
    second.begin(seed);
    ASSERT_EQ(order_of(first, steps_of(OpKind::window, 40)), order_of(second, steps_of(OpKind::window, 40)));
    ASSERT_EQ(first.choose(Question::program, 1'000), second.choose(Question::program, 1'000));
  }
}

}  // namespace
}  // namespace jitterbug
