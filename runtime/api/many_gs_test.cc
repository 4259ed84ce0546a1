// Very many Gs at once, on real threads. JITTERBUG_GS says how many.

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>

#include "runtime/api/memory_use.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer)
#define JITTERBUG_SANITIZED 1
#endif
#endif

namespace rt {
namespace {

#ifdef JITTERBUG_SANITIZED
constexpr bool memory_is_counted = false;
#else
constexpr bool memory_is_counted = true;
#endif

int number_of_gs() {
  const char* set = std::getenv("JITTERBUG_GS");
  const int n = set == nullptr ? 0 : std::stoi(set);
  EXPECT_GE(n, 1'000);
  return n;
}

// What does not depend on the number of Gs, and what malloc keeps.
constexpr std::size_t slack = std::size_t{64} << 20;

// One page of stack, the G, and a tenth of it for whatever else.
constexpr std::size_t bytes_of_a_parked_g = 5'000;
constexpr std::size_t bytes_of_a_dead_g = 500;

struct ManyGs : ::testing::TestWithParam<int> {
  const int n = number_of_gs();
  Runtime runtime{{.procs = GetParam()}};

  void expect_peak(std::size_t before, std::size_t bytes_of_a_g) const {
    if (!memory_is_counted) return;
    EXPECT_GT(memory_use::peak(), 0u);
    EXPECT_LT(memory_use::peak(), before + slack + static_cast<std::size_t>(n) * bytes_of_a_g);
  }
};
INSTANTIATE_TEST_SUITE_P(Procs, ManyGs, ::testing::Values(1, 4));

// Gs that wait, each at a gate of its own.
struct Crowd {
  explicit Crowd(int size) : gates(std::make_unique<Parker[]>(static_cast<std::size_t>(size))) { all.add(size); }

  void spawn(int i) {
    go([this, i] {
      arrived.fetch_add(1);
      gates[static_cast<std::size_t>(i)].park();
      left.fetch_add(1);
      all.done();
    });
  }

  std::unique_ptr<Parker[]> gates;
  std::atomic<int> arrived{0};
  std::atomic<int> left{0};
  WaitGroup all;
};

TEST_P(ManyGs, ParkAndWakeAndEndAndTheirMemoryGoesBackToTheSystem) {
  const std::size_t before = memory_use::now();
  memory_use::forget_peak();
  runtime.run([&] {
    Crowd crowd(n);
    for (int i = 0; i < n; ++i) crowd.spawn(i);
    while (crowd.arrived < n) yield();
    EXPECT_EQ(crowd.left, 0);
    expect_peak(before, bytes_of_a_parked_g);
    for (int i = 0; i < n; ++i) crowd.gates[static_cast<std::size_t>(i)].ready();
    crowd.all.wait();
    EXPECT_EQ(crowd.left, n);
    // The scavenger needs a while.
    const std::size_t dead = before + slack + static_cast<std::size_t>(n) * bytes_of_a_dead_g;
    for (int i = 0; i < 6'000 && memory_is_counted && memory_use::now() > dead; ++i) sleep(10 * millisecond);
    if (memory_is_counted) EXPECT_LE(memory_use::now(), dead);
  });
}

TEST_P(ManyGs, AreSpawnedByManyGsAtOnce) {
  constexpr int spawners = 8;
  runtime.run([&] {
    const int size = n / spawners * spawners;
    Crowd crowd(size);
    WaitGroup spawned;
    spawned.add(spawners);
    for (int s = 0; s < spawners; ++s) {
      go([&, s] {
        for (int i = s; i < size; i += spawners) crowd.spawn(i);
        spawned.done();
      });
    }
    spawned.wait();
    while (crowd.arrived < size) yield();
    for (int i = 0; i < size; ++i) crowd.gates[static_cast<std::size_t>(i)].ready();
    crowd.all.wait();
    EXPECT_EQ(crowd.left, size);
  });
}

// They wait for their first turn without a stack.
TEST_P(ManyGs, ThatEndOneAfterAnotherShareStacks) {
  const std::size_t before = memory_use::now();
  memory_use::forget_peak();
  std::atomic<int> ran{0};
  runtime.run([&] {
    WaitGroup all;
    all.add(n);
    for (int i = 0; i < n; ++i) {
      go([&] {
        ran.fetch_add(1);
        all.done();
      });
    }
    all.wait();
  });
  EXPECT_EQ(ran, n);
  expect_peak(before, bytes_of_a_dead_g);
}

TEST_P(ManyGs, ThatAreLeftAtTheEndAreAbandonedWithTheirMemory) {
  const std::size_t before = memory_use::now();
  {
    Crowd crowd(n);
    Runtime other({.procs = GetParam()});
    other.run([&] {
      for (int i = 0; i < n; ++i) crowd.spawn(i);
      while (crowd.arrived < n) yield();
      EXPECT_EQ(crowd.left, 0);
    });
  }
  if (memory_is_counted) {
    EXPECT_LT(memory_use::now(), before + slack + static_cast<std::size_t>(n) * bytes_of_a_dead_g);
  }
}

[[gnu::noinline]] int deeper(volatile int* depth) {
  volatile int frame[64] = {*depth};
  *depth = *depth + 1;
  if (*depth == 1'000'000) return 0;
  return deeper(depth) + frame[0];
}

TEST_P(ManyGs, AStackThatOverflowsAmongThemEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto overflow_one = [this] {
    runtime.run([&] {
      constexpr int size = 500;
      Crowd crowd(size);
      for (int i = 0; i < size; ++i) crowd.spawn(i);
      while (crowd.arrived < size) yield();
      go([] {
        volatile int depth = 0;
        deeper(&depth);
      });
      for (;;) yield();
    });
  };
  // A sanitizer that reports the fault on a stack it has not made may fault in turn: its
  // words are not to be relied on, the end is.
  const auto ended_by_the_fault = [](int status) {
#ifdef JITTERBUG_SANITIZED
    if (WIFEXITED(status)) return WEXITSTATUS(status) != 0;
#endif
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGABRT);
  };
  EXPECT_EXIT(overflow_one(), ended_by_the_fault, "");
}

}  // namespace
}  // namespace rt
