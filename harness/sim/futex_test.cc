// Futexes as a program sees them.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::os::Atomic;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct Futex : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options;

  RunResult run(const std::function<void()>& main) { return machine.run(options, strategy, judge, main); }
};

TEST_F(Futex, AWaitOnAChangedWordReturnsAtOnce) {
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{1};
    rt::os::futex_wait(word, 0, rt::forever);
  });
  EXPECT_FALSE(r.failed());
}

TEST_F(Futex, WhoWaitsForeverIsBlockedAndNotAsleep) {
  int blocked = 0, asleep = 0;
  options.audit_every = 1;
  judge.on_audit = [&] {
    blocked = std::max(blocked, machine.blocked_threads("waiter", rt::engine::OpKind::futex_wait));
    asleep = std::max(asleep, machine.sleeping_threads("waiter"));
  };
  const auto wait_for = [&](rt::Duration timeout) {
    blocked = asleep = 0;
    run([timeout] {
      Atomic<std::uint32_t> word{0};
      Crew crew;
      crew.start([&] { rt::os::futex_wait(word, 0, timeout); }, "waiter");
      rt::os::sleep(10 * rt::microsecond);
      for (int i = 0; i < 3; ++i) word.load(rt::relaxed);
      rt::os::futex_wake(word, 1);
    });
  };
  wait_for(rt::forever);
  EXPECT_EQ(blocked, 1);
  EXPECT_EQ(asleep, 0);
  wait_for(rt::second);
  EXPECT_EQ(blocked, 1);
  EXPECT_EQ(asleep, 1);
}

TEST_F(Futex, AWaitWithoutAWakeNeverReturns) {
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    rt::os::futex_wait(word, 0, rt::forever);
  });
  EXPECT_EQ(number_of(r.failure), "O21");
}

TEST_F(Futex, AWakeReachesTheGivenNumberOfSleepersOfThatWordOnly) {
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    Atomic<std::uint32_t> other{0};
    int woken = 0;
    Crew crew;
    for (int i = 0; i < 3; ++i) {
      crew.start([&] {
        rt::os::futex_wait(word, 0, rt::forever);
        ++woken;
      });
    }
    crew.start([&] { rt::os::futex_wait(other, 0, 3 * rt::second); });
    rt::os::sleep(rt::second);
    EXPECT_EQ(rt::os::futex_wake(word, 2), 2);
    rt::os::sleep(rt::second);
    EXPECT_EQ(woken, 2);
    EXPECT_EQ(rt::os::futex_wake(word, 5), 1);
    EXPECT_EQ(rt::os::futex_wake(word, 5), 0);
    crew.join();
    const rt::Instant end = rt::os::now();
    EXPECT_GE(end, 3 * rt::second);
  });
  EXPECT_FALSE(r.failed()) << sentence_of(r.failure);
}

TEST_F(Futex, ATimeOutEndsTheWaitAndAWakeEndsTheTimeOut) {
  run([] {
    Atomic<std::uint32_t> word{0};
    const rt::Instant begin = rt::os::now();
    rt::os::futex_wait(word, 0, rt::millisecond);
    const rt::Instant timed_out = rt::os::now();
    EXPECT_GE(timed_out - begin, rt::millisecond);
    EXPECT_LT(timed_out - begin, 2 * rt::millisecond);

    Crew crew;
    crew.start([&] { rt::os::futex_wake(word, 1); });
    rt::os::futex_wait(word, 0, rt::second);
    const rt::Instant woken = rt::os::now();
    EXPECT_LT(woken - timed_out, rt::millisecond);
    crew.join();
    // The cancelled time-out wakes nobody later.
    rt::os::sleep(2 * rt::second);
    const rt::Instant end = rt::os::now();
    EXPECT_GE(end - woken, 2 * rt::second);
  });
}

TEST_F(Futex, WhoWakesIsAChoice) {
  RandomStrategy random;
  std::set<int> first_woken;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    random.begin(seed);
    machine.run(options, random, judge, [&] {
      Atomic<std::uint32_t> word{0};
      std::vector<int> order;
      Crew crew;
      for (int i = 0; i < 3; ++i) {
        crew.start([&, i] {
          rt::os::futex_wait(word, 0, rt::forever);
          order.push_back(i);
        });
      }
      rt::os::sleep(rt::second);
      rt::os::futex_wake(word, 1);
      rt::os::sleep(rt::second);
      rt::os::futex_wake(word, 2);
      crew.join();
      first_woken.insert(order.front());
    });
  }
  EXPECT_EQ(first_woken, (std::set<int>{0, 1, 2}));
}

// The classic: the waiter looks, the waker changes and wakes, the waiter sleeps.
// Comparing and sleeping must be one step.
TEST_F(Futex, NoWakeFallsBetweenComparisonAndSleep) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    RandomStrategy random;
    random.begin(seed);
    const RunResult r = machine.run(options, random, judge, [] {
      Atomic<std::uint32_t> word{0};
      Crew crew;
      crew.start([&] {
        for (;;) {
          const std::uint32_t seen = word.load(rt::acquire);
          if (seen == 1) break;
          rt::os::futex_wait(word, seen, rt::forever);
        }
      });
      word.store(1, rt::release);
      rt::os::futex_wake(word, 1);
    });
    ASSERT_FALSE(r.failed()) << "seed " << seed << ": " << sentence_of(r.failure);
  }
}

}  // namespace
}  // namespace jitterbug
