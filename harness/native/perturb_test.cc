#include "harness/native/perturb.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/os/os.h"

namespace jitterbug {
namespace {

namespace os = rt::os;
using rt::relaxed;
using rt::Safeguard;
using rt::Window;

constexpr Window window = Window::submit_vs_last_spinner;

class Perturb : public testing::Test {
 protected:
  void TearDown() override { clear_perturbation(); }
};

// Increments without a read-modify-write, around a window: an increment is lost
// when another thread comes between.
int lost_increments(int rounds) {
  os::Atomic<int> word{0};
  struct Work {
    os::Atomic<int>& word;
    int rounds;
  } work{word, rounds};
  const auto increment = [](void* argument) {
    const auto& w = *static_cast<Work*>(argument);
    for (int i = 0; i < w.rounds; ++i) {
      const int seen = w.word.load(relaxed);
      os::race_window(window);
      w.word.store(seen + 1, relaxed);
    }
  };
  os::Thread other;
  EXPECT_TRUE(other.start(increment, &work, "other"));
  increment(&work);
  other.join();
  const int sum = word.load(relaxed);
  return 2 * rounds - sum;
}

TEST_F(Perturb, WithoutAPolicyNothingIsHeldOrLifted) {
  set_perturbation({});
  clear_perturbation();
  lost_increments(10);
  EXPECT_EQ(holds(), 0u);
  EXPECT_EQ(held_time(), 0);
  EXPECT_FALSE(window_entered(window));
  EXPECT_TRUE(os::upheld(Safeguard::needspinning_tested_before_drop));
}

TEST_F(Perturb, OnlyTheLiftedSafeguardIsOff) {
  set_perturbation({.lifted = Safeguard::needspinning_tested_before_drop});
  EXPECT_TRUE(os::upheld(Safeguard::become_spinning_clears_request));
  EXPECT_FALSE(lifted_safeguard_reached());
  EXPECT_FALSE(os::upheld(Safeguard::needspinning_tested_before_drop));
  EXPECT_TRUE(lifted_safeguard_reached());
  clear_perturbation();
  EXPECT_TRUE(os::upheld(Safeguard::needspinning_tested_before_drop));
}

TEST_F(Perturb, AnAimedWindowIsHitBySomebodyElse) {
  set_perturbation({.noise = NoisePolicy::parse("submit_vs_last_spinner=sleep:50us")});
  EXPECT_GT(lost_increments(200), 0);
  EXPECT_TRUE(window_entered(window));
  EXPECT_EQ(holds(), 400u);
}

TEST_F(Perturb, AWindowIsHitByChance) {
  set_perturbation({.noise = NoisePolicy::parse("windows=sleep:1us..100us")});
  EXPECT_GT(lost_increments(500), 0);
  EXPECT_EQ(holds(), 1000u);
}

TEST_F(Perturb, TheBudgetBoundsTheTimeOfAllHolds) {
  set_perturbation({.noise = NoisePolicy::parse("windows=sleep:100us,budget=1ms")});
  lost_increments(100);
  EXPECT_LE(held_time(), 1 * rt::millisecond + 2 * 100 * rt::microsecond);  // each thread may pass the test once more
  EXPECT_GE(held_time(), 1 * rt::millisecond);
}

TEST_F(Perturb, EachRunOfASwarmHoldsElsewhere) {
  int runs_that_hold = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    set_perturbation({.seed = seed, .noise = NoisePolicy::parse("swarm")});
    for (int i = 0; i < 50; ++i) os::race_window(window);
    runs_that_hold += holds() > 0 ? 1 : 0;
  }
  EXPECT_GT(runs_that_hold, 2);
  EXPECT_LT(runs_that_hold, 38);
}

TEST_F(Perturb, AWindowThatNobodyEnteredIsNotReported) {
  set_perturbation({});
  lost_increments(1);
  EXPECT_TRUE(window_entered(window));
  EXPECT_FALSE(window_entered(Window::note_sticky));
  set_perturbation({});
  EXPECT_FALSE(window_entered(window));
}

// The holds of one thread, in the order of its windows.
std::vector<std::uint64_t> holds_of_one_thread(std::uint64_t seed) {
  set_perturbation({.seed = seed, .noise = NoisePolicy::parse("windows=yield@1/3")});
  std::vector<std::uint64_t> sequence;
  for (int i = 0; i < 100; ++i) {
    os::race_window(window);
    sequence.push_back(holds());
  }
  return sequence;
}

TEST_F(Perturb, TheDrawsOfAThreadRepeatWithTheSeed) {
  EXPECT_EQ(holds_of_one_thread(7), holds_of_one_thread(7));
  EXPECT_NE(holds_of_one_thread(7), holds_of_one_thread(8));
}

}  // namespace
}  // namespace jitterbug
