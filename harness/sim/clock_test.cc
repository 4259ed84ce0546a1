// Virtual time as a program sees it.

#include "harness/sim/clock.h"

#include <gtest/gtest.h>

#include "harness/sim/testing.h"

namespace jitterbug {
namespace {

using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct MachineTime : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options{.step_ns = 100};
};

TEST(Clock, WakesInOrderOfDeadlineAndThenOfArming) {
  Clock clock;
  clock.reset(10);
  clock.arm(1, 300);
  clock.arm(2, 100);
  clock.arm(3, 300);
  clock.arm(4, 200);
  EXPECT_EQ(clock.take_due(99), rt::engine::no_thread);
  EXPECT_EQ(clock.take_due(300), 2u);
  EXPECT_EQ(clock.take_due(300), 4u);
  EXPECT_EQ(clock.take_due(300), 1u);
  EXPECT_EQ(clock.take_due(300), 3u);
  EXPECT_FALSE(clock.anyone_sleeps());
}

TEST(Clock, TheDueStepIsTheFirstAtOrAfterTheDeadline) {
  Clock clock;
  clock.reset(10);
  EXPECT_EQ(clock.due_step(), Clock::no_step);
  clock.arm(1, 41);
  EXPECT_EQ(clock.due_step(), 5u);
  clock.skip(31);
  EXPECT_EQ(clock.due_step(), 1u);
  clock.skip(1'000);
  EXPECT_EQ(clock.due_step(), 0u);
  clock.disarm(1);
  EXPECT_EQ(clock.due_step(), Clock::no_step);
}

TEST_F(MachineTime, AStepCostsStepNs) {
  const RunResult r = machine.run(options, strategy, judge, [] {
    const rt::Instant before = rt::os::now();
    rt::os::Atomic<int> word{0};
    for (int i = 0; i < 7; ++i) word.load(rt::relaxed);
    const rt::Instant after = rt::os::now();
    EXPECT_EQ(after - before, 8 * 100);
  });
  EXPECT_FALSE(r.failed());
}

TEST_F(MachineTime, JumpsToTheEarliestDeadlineWhenNobodyCanRun) {
  machine.run(options, strategy, judge, [] {
    std::vector<int> order;
    Crew crew;
    crew.start([&] {
      rt::os::sleep(5 * rt::second);
      order.push_back(5);
    });
    crew.start([&] {
      rt::os::sleep(2 * rt::second);
      order.push_back(2);
    });
    crew.join();
    EXPECT_EQ(order, (std::vector<int>{2, 5}));
    const rt::Instant now = rt::os::now();
    EXPECT_GE(now, 5 * rt::second);
    EXPECT_LT(now, 5 * rt::second + rt::millisecond);
  });
  EXPECT_LT(machine.steps(), 100u);
}

TEST_F(MachineTime, ASleeperWakesWhileAnotherThreadComputes) {
  machine.run(options, strategy, judge, [] {
    bool woke = false;
    Crew crew;
    crew.start([&] {
      rt::os::sleep(50 * 100);
      woke = true;
    });
    rt::os::Atomic<int> word{0};
    int steps = 0;
    while (!woke && steps < 1'000) {
      word.load(rt::relaxed);
      ++steps;
      if (steps % 10 == 0) rt::os::relax();
    }
    EXPECT_TRUE(woke);
    EXPECT_LT(steps, 100);
  });
}

TEST_F(MachineTime, AnEndlessSleepIsNoDeadline) {
  const RunResult r = machine.run(options, strategy, judge, [] { rt::os::sleep(rt::forever); });
  EXPECT_EQ(number_of(r.failure), "O21");
}

TEST_F(MachineTime, ADurationBeyondTheEndOfTimeIsForEver) {
  const RunResult r = machine.run(options, strategy, judge, [] {
    rt::os::sleep(rt::second);
    rt::os::sleep(std::numeric_limits<rt::Duration>::max());
  });
  EXPECT_EQ(number_of(r.failure), "O21");
}

}  // namespace
}  // namespace jitterbug
