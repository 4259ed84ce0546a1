// What every flavour of the seam promises, as claims about its behaviour. Compiled
// once per flavour; a body runs in the world of its flavour (contract_world.h).

#include <errno.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <set>
#include <string>

#include "runtime/os/contract.h"
#include "runtime/os/contract_world.h"

namespace rt {
namespace {

constinit os::Atomic<int> constant_initialised{7};

using Word = os::Atomic<std::uint32_t>;
using contract::Running;

// ---- Words --------------------------------------------------------------------

CONTRACT(AWordIsReadyBeforeAnyCodeRuns) {
  const int value = constant_initialised.load(relaxed);
  EXPECT_EQ(value, 7);
}

CONTRACT(ReadModifyWriteReturnsWhatWasThere) {
  os::Atomic<unsigned> word{0b1100};
  EXPECT_EQ(word.fetch_add(3, relaxed), 0b1100u);
  EXPECT_EQ(word.fetch_sub(3, relaxed), 0b1111u);
  EXPECT_EQ(word.fetch_or(0b0011, relaxed), 0b1100u);
  EXPECT_EQ(word.fetch_and(0b0110, relaxed), 0b1111u);
  EXPECT_EQ(word.exchange(1, acq_rel), 0b0110u);
  EXPECT_EQ(word.load(acquire), 1u);
}

CONTRACT(StrongCompareExchangeFailsOnlyOnADifferentValue) {
  os::Atomic<int> word{1};
  int expected = 2;
  EXPECT_FALSE(word.cas_strong(expected, 3, acq_rel, acquire));
  EXPECT_EQ(expected, 1);
  EXPECT_TRUE(word.cas_strong(expected, 3, acq_rel, acquire));
  EXPECT_EQ(word.load(relaxed), 3);
}

CONTRACT(WeakCompareExchangeSucceedsInTheEnd) {
  os::Atomic<int> word{1};
  int expected = 1;
  while (!word.cas_weak(expected, 2, acq_rel, acquire)) EXPECT_EQ(expected, 1);
  EXPECT_EQ(word.load(relaxed), 2);
}

CONTRACT(NoIncrementOfTwoThreadsIsLost) {
  os::Atomic<int> word{0};
  const auto count = [&] {
    for (int i = 0; i < 100; ++i) word.fetch_add(1, relaxed);
  };
  {
    Running other(count);
    count();
  }
  EXPECT_EQ(word.load(relaxed), 200);
}

CONTRACT(AReleasePublishesWhatWasWrittenBefore) {
  os::Atomic<bool> published{false};
  int payload = 0;
  Running writer([&] {
    payload = 42;
    published.store(true, release);
  });
  while (!published.load(acquire)) os::relax();
  EXPECT_EQ(payload, 42);
}

CONTRACT(FencesForbidThatBothSidesMissEachOther) {
  os::Atomic<int> x{0};
  os::Atomic<int> y{0};
  int seen_y = -1;
  int seen_x = -1;
  {
    Running other([&] {
      x.store(1, relaxed);
      os::fence(seq_cst);
      seen_y = y.load(relaxed);
    });
    y.store(1, relaxed);
    os::fence(seq_cst);
    seen_x = x.load(relaxed);
  }
  EXPECT_NE(seen_x + seen_y, 0);
}

CONTRACT(APeekSeesWhatTheCallerHasWritten) {
  os::Atomic<int> word{1, {"word#", 1}};
  EXPECT_EQ(word.peek(), 1);
  word.store(2, relaxed);
  EXPECT_EQ(word.peek(), 2);
  word.name("renamed");
  EXPECT_EQ(word.peek(acquire), 2);
}

// ---- Windows and safeguards ---------------------------------------------------

CONTRACT(EverySafeguardIsUpheldAndEveryWindowMayBePassed) {
  EXPECT_TRUE(os::upheld(Safeguard::become_spinning_clears_request));
  EXPECT_TRUE(os::upheld(Safeguard::needspinning_tested_before_drop));
  os::race_window(Window::startm_id_reserve);
}

// ---- Futexes ------------------------------------------------------------------

CONTRACT(AWaitForAValueThatHasGoneReturnsAtOnce) {
  Word word{1};
  os::futex_wait(word, 0, forever);
}

CONTRACT(AWakeWithoutSleepersWakesNobody) {
  Word word{0};
  EXPECT_EQ(os::futex_wake(word, 1), 0);
}

CONTRACT(AWakeAfterTheChangeEndsTheWait) {
  Word word{0};
  Running sleeper([&] {
    while (word.load(acquire) == 0) os::futex_wait(word, 0, forever);
  });
  word.store(1, release);
  os::futex_wake(word, 1);
}

CONTRACT(AWakeReachesAsManySleepersAsItNames) {
  Word word{0};
  const auto wait = [&] {
    while (word.load(acquire) == 0) os::futex_wait(word, 0, forever);
  };
  Running first(wait);
  Running second(wait);
  Running third(wait);
  word.store(1, release);
  EXPECT_LE(os::futex_wake(word, 2), 2);
  EXPECT_LE(os::futex_wake(word, 3), 3);
}

CONTRACT(AWaitEndsWhenItsTimeIsOver) {
  Word word{0};
  const Duration timeout = 300 * microsecond;
  const Instant begin = os::now();
  os::futex_wait(word, 0, timeout);
  const Instant end = os::now();
  EXPECT_GE(end - begin, timeout);
}

// ---- Threads ------------------------------------------------------------------

CONTRACT(AJoinWaitsForTheEndOfTheThread) {
  bool ran = false;
  os::Thread thread;
  EXPECT_FALSE(thread.joinable());
  ASSERT_TRUE(thread.start([](void* flag) { *static_cast<bool*>(flag) = true; }, &ran, "contract"));
  EXPECT_TRUE(thread.joinable());
  thread.join();
  EXPECT_FALSE(thread.joinable());
  EXPECT_TRUE(ran);
}

CONTRACT(EachThreadHasASlotOfItsOwn) {
  int mine = 0;
  int others = 0;
  os::set_slot(&mine);
  void* at_first = &mine;
  void* after = nullptr;
  {
    Running other([&] {
      at_first = os::slot();
      os::set_slot(&others);
      os::relax();
      after = os::slot();
      os::set_slot(nullptr);
    });
    os::relax();
    EXPECT_EQ(os::slot(), &mine);
  }
  EXPECT_EQ(at_first, nullptr);
  EXPECT_EQ(after, &others);
  EXPECT_EQ(os::slot(), &mine);
  os::set_slot(nullptr);
}

// ---- Time and chance ----------------------------------------------------------

CONTRACT(TheClockNeverGoesBack) {
  Instant last = os::now();
  for (int i = 0; i < 100; ++i) {
    const Instant next = os::now();
    ASSERT_GE(next, last);
    last = next;
  }
}

CONTRACT(ASleepLastsAtLeastAsLongAsAsked) {
  const Instant begin = os::now();
  os::sleep(300 * microsecond);
  const Instant end = os::now();
  EXPECT_GE(end - begin, 300 * microsecond);
}

CONTRACT(AChoiceLiesInItsRangeAndTakesEveryValue) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 200; ++i) {
    const std::uint32_t chosen = os::choose(3);
    ASSERT_LT(chosen, 3u);
    seen.insert(chosen);
  }
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_EQ(os::choose(1), 0u);
}

// ---- Stacks -------------------------------------------------------------------

CONTRACT(StacksAreAsLargeAsAskedAndDoNotOverlap) {
  constexpr std::size_t size = 32 * 1024;
  std::array<Stack, 3> stacks;
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    stacks[i] = os::stack_allocate(size);
    ASSERT_NE(stacks[i].low, nullptr);
    ASSERT_GE(stacks[i].size, size);
    std::memset(stacks[i].low, static_cast<int>(i + 1), stacks[i].size);
  }
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(stacks[i].low[0]), i + 1);
    EXPECT_EQ(static_cast<std::size_t>(stacks[i].high()[-1]), i + 1);
  }
  os::stack_release(stacks[0]);
  os::stacks_release(std::span(stacks).subspan(1));
}

}  // namespace
}  // namespace rt
