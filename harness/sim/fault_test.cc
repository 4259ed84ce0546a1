// Permitted answers that a program would rather not get.

#include <gtest/gtest.h>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::engine::Fault;
using rt::os::Atomic;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct Faults : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn always;  // answers 0 to every question: each permitted fault happens
  MachineOptions options;

  void permit(Fault f, std::uint32_t one_in) { options.fault_one_in[static_cast<std::size_t>(f)] = one_in; }
};

TEST_F(Faults, AFutexWaitReturnsByItself) {
  permit(Fault::spurious_wake, 2);
  const RunResult r = machine.run(options, always, judge, [] {
    Atomic<std::uint32_t> word{0};
    rt::os::futex_wait(word, 0, rt::forever);
  });
  EXPECT_FALSE(r.failed());
  EXPECT_TRUE(machine.faults_happened(Fault::spurious_wake));
  EXPECT_FALSE(machine.faults_happened(Fault::weak_cas));
}

TEST_F(Faults, AWeakExchangeFailsWithoutARival) {
  permit(Fault::weak_cas, 2);
  machine.run(options, always, judge, [] {
    Atomic<std::uint32_t> word{5};
    std::uint32_t expected = 5;
    EXPECT_FALSE(word.cas_weak(expected, 6, rt::relaxed, rt::relaxed));
    EXPECT_EQ(expected, 5u);
    EXPECT_TRUE(word.cas_strong(expected, 6, rt::relaxed, rt::relaxed));
  });
}

TEST_F(Faults, ASleepOvershootsButDoesNotFallShort) {
  permit(Fault::late_timer, 2);
  machine.run(options, always, judge, [] {
    const rt::Instant begin = rt::os::now();
    rt::os::sleep(rt::millisecond);
    const rt::Instant end = rt::os::now();
    EXPECT_GE(end - begin, rt::millisecond + rt::millisecond / 8);
    EXPECT_LT(end - begin, 3 * rt::millisecond);
  });
}

TEST_F(Faults, AThreadCannotBeMade) {
  permit(Fault::no_thread, 2);
  machine.run(options, always, judge, [] {
    Crew crew;
    EXPECT_FALSE(crew.start([] {}));
  });
}

TEST_F(Faults, ThePollerIsInterrupted) {
  permit(Fault::interrupted_poll, 2);
  const RunResult r = machine.run(options, always, judge, [] {
    rt::os::Poller poller;
    ASSERT_TRUE(poller.open());
    rt::PollEvent event;
    EXPECT_EQ(poller.wait(&event, 1, rt::forever), 0);
  });
  EXPECT_FALSE(r.failed());
}

TEST_F(Faults, NoneInTheCalm) {
  permit(Fault::no_thread, 2);
  options.storm_steps = 0;
  machine.run(options, always, judge, [] {
    Crew crew;
    EXPECT_TRUE(crew.start([] {}));
  });
  EXPECT_FALSE(machine.faults_happened(Fault::no_thread));
}

TEST_F(Faults, TheyComeAboutAsOftenAsAsked) {
  permit(Fault::weak_cas, 10);
  RandomStrategy random;
  random.begin(3);
  options.storm_steps = 1'000'000;
  int failures = 0;
  machine.run(options, random, judge, [&] {
    Atomic<std::uint32_t> word{0};
    for (int i = 0; i < 10'000; ++i) {
      std::uint32_t expected = 0;
      failures += word.cas_weak(expected, 0, rt::relaxed, rt::relaxed) ? 0 : 1;
    }
  });
  EXPECT_NEAR(failures, 1'000, 120);
}

}  // namespace
}  // namespace jitterbug
