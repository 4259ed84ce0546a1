// What a walk that holds threads in race windows promises.

#include "harness/strategy/windows.h"

#include <gtest/gtest.h>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::no_thread;
using rt::engine::OpKind;
using testing::Crew;
using testing::RecordingJudge;

constexpr Op at_window{OpKind::window, Window::nextp_before_wake};
constexpr WindowsOptions always = {.kinds_one_in = 1, .hold_one_in = 1, .hold_steps = 100, .burst_mean = 1};

// A strategy under question, without a machine: thread 0 stands in a window.
struct Walk {
  explicit Walk(const WindowsOptions& options, std::uint64_t seed = 1) : strategy(options) { strategy.begin(seed); }

  ThreadId ask(ThreadId current) {
    s.runnable = candidates;
    s.current = current;
    s.current_runnable = true;
    return strategy.pick(s).thread;
  }

  WindowsStrategy strategy;
  std::vector<Candidate> candidates = {{0, at_window}, {1, Op{OpKind::load}}};
  Situation s{};
};

TEST(Windows, AHeldThreadWaitsWhileOthersRun) {
  for (std::uint32_t burst_mean : {0u, 1u}) {
    WindowsOptions options = always;
    options.burst_mean = burst_mean;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      Walk walk(options, seed);
      for (std::uint64_t step = 1; step <= 51; ++step) {
        walk.s.step = step;
        ASSERT_EQ(walk.ask(step == 1 ? 0 : 1), 1u) << "seed " << seed << ", step " << step;
      }
      if (burst_mean == 0) continue;  // it has fallen below thread 1
      bool released = false;
      for (std::uint64_t step = 152; step <= 200 && !released; ++step) {
        walk.s.step = step;
        released = walk.ask(1) == 0;
      }
      EXPECT_TRUE(released) << "seed " << seed;
    }
  }
}

TEST(Windows, AThreadIsHeldOnlyWhereTheRunIsAbout) {
  WindowsOptions options = always;
  options.kinds_one_in = 4;
  int about = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    Walk walk(options, seed);
    const bool is_about = walk.strategy.is_about(at_window);
    about += is_about ? 1 : 0;
    walk.candidates[1] = {1, Op{OpKind::load}};
    bool moved = false;
    for (std::uint64_t step = 1; step <= 51; ++step) {
      walk.s.step = step;
      moved = walk.ask(step == 1 ? 0 : 1) == 0 || moved;
    }
    ASSERT_EQ(moved, !is_about) << "seed " << seed;
  }
  EXPECT_NEAR(about, 500, 60);
  EXPECT_FALSE(Walk(always).strategy.is_about(Op{OpKind::load}));
}

TEST(Windows, WhenAllAreHeldSpinnersMoveOrTimePassesOrAHoldEnds) {
  Walk alone(always);
  alone.candidates = {{0, at_window}};
  alone.s.step = 1;
  EXPECT_EQ(alone.ask(0), 0u);

  int passed = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    Walk sleeper(always, seed);
    sleeper.candidates = {{0, at_window}};
    sleeper.s.step = 1;
    sleeper.s.next_deadline = 20 * rt::microsecond;
    passed += sleeper.ask(0) == no_thread ? 1 : 0;
    Walk far(always, seed);
    far.candidates = {{0, at_window}};
    far.s.step = 1;
    far.s.next_deadline = rt::second;
    EXPECT_EQ(far.ask(0), 0u) << "too far to be waited for";
  }
  EXPECT_NEAR(passed, 375, 60) << "three quarters of the half of the runs that let time pass";

  Walk spinner(always);
  spinner.candidates = {{0, at_window}};
  spinner.s.step = 1;
  spinner.s.spinning = 1;
  EXPECT_EQ(spinner.ask(0), no_thread);
}

// In a machine: a store that has to fall into another thread's window.
struct Toy {
  bool hit(Strategy& strategy) {
    bool changed = false;
    last = machine.run({}, strategy, judge, [&] {
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      crew.start([&] {
        for (int i = 0; i < 60; ++i) word.load(rt::relaxed);
        word.store(1, rt::relaxed);
      });
      const std::uint32_t before = word.load(rt::relaxed);
      rt::os::race_window(Window::nextp_before_wake);
      changed = before != word.load(rt::relaxed);
    });
    return changed;
  }

  Machine machine;
  RecordingJudge judge{machine};
  RunResult last;
};

TEST(Windows, AHoldOpensAWindowThatBurstsLeaveShut) {
  Toy toy;
  WindowsStrategy windows({.kinds_one_in = 4, .hold_one_in = 1, .hold_steps = 256});
  RandomStrategy random({.burst_mean = 64, .skewed = false, .stall_sixteenths = 0});
  int with = 0;
  int without = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    windows.begin(seed);
    with += toy.hit(windows) ? 1 : 0;
    random.begin(seed);
    without += toy.hit(random) ? 1 : 0;
  }
  EXPECT_GT(with, 2 * without);
  EXPECT_GT(with, 40) << "a quarter of the runs is about the window";
}

TEST(Windows, EqualSeedsGiveEqualRuns) {
  Toy toy;
  WindowsStrategy windows;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    windows.begin(seed);
    toy.hit(windows);
    const std::uint64_t digest = toy.last.digest;
    windows.begin(seed);
    toy.hit(windows);
    ASSERT_EQ(toy.last.digest, digest);
  }
}

}  // namespace
}  // namespace jitterbug
