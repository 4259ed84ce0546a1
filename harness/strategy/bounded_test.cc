// What a scheduler with few delays promises.

#include "harness/strategy/bounded.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "harness/sim/testing.h"
#include "harness/strategy/testing.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;
using testing::order_of;
using testing::Program;

using Order = std::vector<ThreadId>;

Program steps_of(OpKind kind, std::size_t count) {
  return Program(3, std::vector<Op>(count, Op{kind, rt::Window::nextp_before_wake, 0}));
}

std::uint32_t preemptions(const Order& order) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto rest = order.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (*rest != order[i] && std::find(rest, order.end(), order[i]) != order.end()) ++count;
  }
  return count;
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
