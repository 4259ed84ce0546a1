// What a walk that holds threads in race windows promises.

#include "harness/strategy/windows.h"

#include <gtest/gtest.h>

#include "harness/sim/strategy_testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::no_thread;
using rt::engine::OpKind;
using testing::WindowToy;

constexpr Op at_window{OpKind::window, Window::nextp_before_wake};
constexpr WindowsOptions always = {.kinds_one_in = 1, .holds = 0, .hold_steps = 100, .burst_mean = 1};

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

// A hundred visits, of which about four are held: then the spinner has its turn.
TEST(Windows, AFewHoldsFallAnywhereInTheRun) {
  Pilot pilot;
  pilot.threads.push_back({"main", 0, std::vector<Op>(100, at_window)});
  WindowsOptions options = always;
  options.holds = 4;
  options.hold_steps = 1;
  int held = 0;
  int late = 0;
  constexpr int runs = 400;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    Walk walk(options, seed);
    walk.strategy.learn(pilot);
    walk.candidates = {{0, at_window}};
    walk.s.spinning = 1;
    for (int visit = 0; visit < 100; ++visit) {
      walk.s.step += 10;
      const bool was_held = walk.ask(0) == no_thread;
      held += was_held ? 1 : 0;
      late += was_held && visit >= 50 ? 1 : 0;
    }
  }
  EXPECT_NEAR(held, 4 * runs, 200);
  EXPECT_NEAR(late, 2 * runs, 150);
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

TEST(Windows, AHoldOpensAWindowThatBurstsLeaveShut) {
  WindowToy toy;
  WindowsStrategy windows({.kinds_one_in = 4, .holds = 0, .hold_steps = 256});
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
  WindowToy toy;
  WindowsStrategy windows;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    windows.begin(seed);
    toy.hit(windows);
    const std::uint64_t digest = toy.result().digest;
    windows.begin(seed);
    toy.hit(windows);
    ASSERT_EQ(toy.result().digest, digest);
  }
}

}  // namespace
}  // namespace jitterbug
