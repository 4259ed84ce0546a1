// Threads, slots and locks as a program sees them.

#include <gtest/gtest.h>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"
#include "runtime/os/fiber.h"

namespace jitterbug {
namespace {

using rt::os::Atomic;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct Thread : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options;

  RunResult run(const std::function<void()>& main) { return machine.run(options, strategy, judge, main); }
};

TEST_F(Thread, JoinReturnsAfterTheEnd) {
  const RunResult r = run([] {
    bool ended = false;
    rt::os::Thread t;
    struct {
      bool* flag;
    } argument{&ended};
    ASSERT_TRUE(t.start(
        [](void* a) {
          rt::os::sleep(rt::second);
          *static_cast<decltype(argument)*>(a)->flag = true;
        },
        &argument, "sleeper"));
    t.join();
    EXPECT_TRUE(ended);
    EXPECT_FALSE(t.joinable());
  });
  EXPECT_FALSE(r.failed());
}

TEST_F(Thread, JoiningAnEndedThreadDoesNotBlock) {
  const RunResult r = run([] {
    Crew crew;
    crew.start([] {});
    rt::os::sleep(rt::second);
    crew.join();
  });
  EXPECT_FALSE(r.failed());
}

TEST_F(Thread, NumbersFollowTheOrderOfStartAndAreNotUsedAgain) {
  run([] {
    EXPECT_EQ(rt::engine::thread_self(), 0u);
    for (ThreadId expected = 1; expected <= 600; ++expected) {
      ThreadId seen = 0;
      Crew crew;
      ASSERT_TRUE(crew.start([&] { seen = rt::engine::thread_self(); }));
      crew.join();
      ASSERT_EQ(seen, expected);
    }
  });
  EXPECT_EQ(rt::engine::thread_self(), rt::engine::no_thread);
}

TEST_F(Thread, TheLimitIsOfThreadsAtOnce) {
  run([] {
    Crew crew;
    int started = 0;
    while (started < 1'000 && crew.start([] { rt::os::sleep(rt::second); })) ++started;
    EXPECT_EQ(started, 255);
    crew.join();
    EXPECT_TRUE(crew.start([] {}));
  });
}

TEST_F(Thread, LiveThreadsAreCountedByRole) {
  run([this] {
    Crew crew;
    crew.start([] { rt::os::sleep(rt::second); }, "m");
    crew.start([] { rt::os::sleep(2 * rt::second); }, "m");
    crew.start([] { rt::os::sleep(2 * rt::second); }, "sysmon");
    EXPECT_EQ(machine.live_threads("m"), 2);
    rt::os::sleep(rt::second + rt::millisecond);
    EXPECT_EQ(machine.live_threads("m"), 1);
    EXPECT_EQ(machine.live_threads("sysmon"), 1);
    EXPECT_EQ(machine.live_threads("main"), 1);
    EXPECT_EQ(machine.live_threads("mm"), 0);
  });
}

TEST_F(Thread, ARoleIsCopied) {
  run([this] {
    Crew crew;
    char role[] = "short";
    crew.start([] { rt::os::sleep(rt::second); }, role);
    role[0] = 'X';
    EXPECT_EQ(machine.live_threads("short"), 1);
  });
}

TEST_F(Thread, TwoThreadsWithOneSlotValueAreReported) {
  run([] {
    int m = 0;
    rt::os::set_slot(&m);
    Crew crew;
    crew.start([&] { rt::os::set_slot(&m); });
    crew.join();
  });
  EXPECT_EQ(judge.shared, (std::vector<std::pair<ThreadId, ThreadId>>{{0, 1}}));
}

TEST_F(Thread, ASlotValueMayMoveAndANullMayRepeat) {
  run([] {
    int m = 0;
    EXPECT_EQ(rt::os::slot(), nullptr);
    rt::os::set_slot(&m);
    EXPECT_EQ(rt::os::slot(), &m);
    rt::os::set_slot(nullptr);
    Crew crew;
    crew.start([&] {
      rt::os::set_slot(nullptr);
      rt::os::set_slot(&m);
    });
    crew.join();
    rt::os::set_slot(&m);  // its holder has ended
  });
  EXPECT_TRUE(judge.shared.empty());
}

TEST_F(Thread, LockMisuseIsReported) {
  run([] {
    rt::os::LockWatch nameless;
    nameless.releasing({});
    rt::os::LockWatch lock({"P#.lock", 3});
    lock.acquiring({});
    lock.acquired({});
    lock.acquiring({});
    lock.releasing({});
    lock.releasing({});
    Crew crew;
    crew.start([&] {
      lock.acquiring({});
      lock.acquired({});
    });
    crew.join();
    lock.releasing({});
  });
  EXPECT_EQ(judge.misuses, (std::vector<std::string>{
                               "a thread releases a lock it does not hold",
                               "a thread takes a lock it holds already: P3.lock",
                               "a thread releases a lock it does not hold: P3.lock",
                               "a thread releases a lock it does not hold: P3.lock",
                           }));
}

TEST_F(Thread, ProperUseOfLocksIsNotReported) {
  RandomStrategy random;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    random.begin(seed);
    machine.run(options, random, judge, [] {
      Atomic<std::uint32_t> word{0};
      rt::os::LockWatch watch;
      const auto work = [&] {
        for (int i = 0; i < 20; ++i) {
          watch.acquiring({});
          for (;;) {
            const std::uint32_t before = word.exchange(1, rt::acquire);
            if (before == 0) break;
            rt::os::relax();
          }
          watch.acquired({});
          watch.releasing({});
          word.store(0, rt::release);
        }
      };
      Crew crew;
      crew.start(work);
      crew.start(work);
    });
  }
  EXPECT_TRUE(judge.misuses.empty());
}

// The program switches stacks itself. A thread that stops on one of those is
// continued there, even if the next thread stops on another.
TEST_F(Thread, IsContinuedOnTheStackItStoodOn) {
  struct Inner {
    rt::os_fiber::Fiber outer;
    rt::os_fiber::Fiber fiber;
    Atomic<int>* word;
    int sum = 0;

    static void body(void* self) {
      auto* inner = static_cast<Inner*>(self);
      for (int i = 0; i < 100; ++i) inner->sum += inner->word->fetch_add(1, rt::relaxed) >= 0 ? 1 : 0;
      inner->outer.switch_from(inner->fiber, true);
    }
  };
  RandomStrategy random({.burst_mean = 2, .skewed = false, .stall_sixteenths = 0});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    random.begin(seed);
    const RunResult r = machine.run(options, random, judge, [] {
      Atomic<int> word{0};
      const auto work = [&] {
        Inner inner;
        inner.word = &word;
        const rt::Stack stack = rt::os::stack_allocate(32 * 1024);
        inner.fiber.prepare(stack, &Inner::body, &inner);
        inner.fiber.switch_from(inner.outer);
        rt::os::stack_release(stack);
        EXPECT_EQ(inner.sum, 100);
      };
      Crew crew;
      for (int i = 0; i < 3; ++i) crew.start(work);
      crew.join();
      EXPECT_EQ(word.load(rt::relaxed), 300);
    });
    EXPECT_GT(r.switches, 50u);
  }
}

}  // namespace
}  // namespace jitterbug
