// Parts of the machine that a program cannot tell apart by itself.

#include <gtest/gtest.h>

#include <cstring>

#include "harness/sim/stack_pool.h"
#include "harness/sim/testing.h"
#include "harness/sim/threads.h"

namespace jitterbug {
namespace {

TEST(StackPool, GivesAReturnedStackToTheNextTakerOfItsSize) {
  StackPool pool;
  const rt::Stack small = pool.take(16 * 1024);
  const rt::Stack large = pool.take(64 * 1024);
  EXPECT_EQ(small.size, 16u * 1024);
  StackPool::give_back(small);
  EXPECT_EQ(pool.take(64 * 1024).low == small.low, false);
  EXPECT_EQ(pool.take(16 * 1024).low, small.low);
  EXPECT_EQ(pool.taken(), 3u);
  pool.give_back_all();
  EXPECT_EQ(pool.taken(), 0u);
  const rt::Stack again = pool.take(64 * 1024);
  std::memset(again.low, 1, again.size);
  static_cast<void>(large);
}

TEST(StackPool, AStackIsAlignedForAnyCode) {
  StackPool pool;
  for (std::size_t size : {4'096u, 10'000u, 65'537u}) {
    const rt::Stack s = pool.take(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(s.high()) % 16, 0u);
    EXPECT_GE(s.size, size);
  }
}

TEST(StackPoolDeathTest, TheEndOfAStackIsGuarded) {
  StackPool pool;
  const rt::Stack s = pool.take(16 * 1024);
  EXPECT_DEATH(
      {
        volatile std::byte* below = s.low - 4096;
        *below = std::byte{1};
      },
      "");
}

TEST(Threads, CandidatesAreInOrderOfNumberAndLeaveSpinnersOut) {
  Threads threads;
  VirtualThread& a = threads.add("a");
  VirtualThread& b = threads.add("b");
  VirtualThread& c = threads.add("c");
  const auto numbers = [&] {
    std::vector<ThreadId> ids;
    for (const Candidate& each : threads.candidates()) ids.push_back(each.thread);
    return ids;
  };
  EXPECT_EQ(numbers(), (std::vector<ThreadId>{0, 1, 2}));
  threads.lower(b);
  EXPECT_EQ(numbers(), (std::vector<ThreadId>{0, 2}));
  EXPECT_EQ(threads.spinners_left_out(), 1u);
  threads.begin_wait(a, Wait::futex, 1);
  threads.lower(c);
  EXPECT_EQ(numbers(), (std::vector<ThreadId>{1, 2}));
  EXPECT_TRUE(threads.only_spinners());
  threads.raise_others(c);
  EXPECT_EQ(numbers(), (std::vector<ThreadId>{1}));
  threads.end_wait(a);
  EXPECT_EQ(numbers(), (std::vector<ThreadId>{0, 1}));
}

TEST(Threads, WaitersAreInOrderOfArrival) {
  Threads threads;
  VirtualThread& a = threads.add("a");
  VirtualThread& b = threads.add("b");
  VirtualThread& c = threads.add("c");
  threads.begin_wait(c, Wait::futex, 7);
  threads.begin_wait(a, Wait::futex, 7);
  threads.begin_wait(b, Wait::futex, 8);
  const auto waiters = threads.waiters(Wait::futex, 7);
  ASSERT_EQ(waiters.size(), 2u);
  EXPECT_EQ(waiters[0], &c);
  EXPECT_EQ(waiters[1], &a);
  EXPECT_TRUE(threads.waiters(Wait::poll, 7).empty());
}

}  // namespace
}  // namespace jitterbug
