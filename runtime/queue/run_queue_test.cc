// The run queue: in order for its owner, and each G exactly once for everybody,
// whatever thieves do.

#include "runtime/queue/run_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "harness/sim/testing.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

constexpr int slots = limits::run_queue_slots;

struct Gs {
  explicit Gs(int n) {
    for (int i = 0; i < n; ++i) all.emplace_back(i);
  }
  G* operator[](int i) { return &all[static_cast<std::size_t>(i)]; }
  std::deque<G> all;
};

TEST(RunQueue, ServesTheNextSlotFirstAndThenInOrder) {
  Gs gs(4);
  RunQueue q;
  EXPECT_TRUE(q.put(gs[0], false).empty());
  EXPECT_TRUE(q.put(gs[1], false).empty());
  EXPECT_TRUE(q.put(gs[2], true).empty());
  EXPECT_TRUE(q.put(gs[3], true).empty());  // kicks out 2
  EXPECT_EQ(q.size(), 4);
  const RunQueue::Taken first = q.get();
  EXPECT_EQ(first.g, gs[3]);
  EXPECT_TRUE(first.inherits_slice);
  for (const int expected : {0, 1, 2}) {
    const RunQueue::Taken t = q.get();
    EXPECT_EQ(t.g, gs[expected]);
    EXPECT_FALSE(t.inherits_slice);
  }
  EXPECT_EQ(q.get().g, nullptr);
  EXPECT_TRUE(q.empty());
}

TEST(RunQueue, OverflowGivesHalfOfTheRingAndTheNewcomerAway) {
  Gs gs(slots + 1);
  RunQueue q;
  for (int i = 0; i < slots; ++i) ASSERT_TRUE(q.put(gs[i], false).empty());
  GQueue overflow = q.put(gs[slots], false);
  EXPECT_EQ(overflow.size(), slots / 2 + 1);
  for (int i = 0; i < slots / 2; ++i) EXPECT_EQ(overflow.pop_front(), gs[i]);
  EXPECT_EQ(overflow.pop_front(), gs[slots]);
  EXPECT_EQ(q.size(), slots / 2);
  EXPECT_EQ(q.get().g, gs[slots / 2]);
}

TEST(RunQueue, TakesTheNextSlotAlone) {
  Gs gs(2);
  RunQueue q;
  ASSERT_TRUE(q.put(gs[0], false).empty());
  EXPECT_EQ(q.take_next(), nullptr);
  ASSERT_TRUE(q.put(gs[1], true).empty());
  EXPECT_EQ(q.take_next(), gs[1]);
  EXPECT_EQ(q.get().g, gs[0]);
}

TEST(RunQueue, AThiefTakesHalfAndRunnextOnlyWhenAsked) {
  Gs gs(5);
  RunQueue victim;
  RunQueue thief;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(victim.put(gs[i], false).empty());
  EXPECT_EQ(thief.steal_from(victim, false, false), gs[1]);
  EXPECT_EQ(thief.get().g, gs[0]);
  EXPECT_EQ(victim.size(), 2);
  RunQueue lone;
  ASSERT_TRUE(lone.put(gs[4], true).empty());
  EXPECT_EQ(thief.steal_from(lone, false, false), nullptr);
  EXPECT_EQ(thief.steal_from(lone, false, true), gs[4]);
  EXPECT_TRUE(lone.empty());
}

TEST(RunQueueSim, EachGIsTakenExactlyOnceByOwnerAndThieves) {
  const std::string wrong = explore(4'000, unreliable(8), [] {
    constexpr int n = 3 * slots;
    Gs gs(n);
    RunQueue q;
    std::map<std::int64_t, int> taken;
    int left = n;
    const auto take = [&](G* g) {
      require(++taken[g->id] == 1, "a G is taken once");
      --left;
    };
    Crew thieves;
    for (int t = 0; t < 2; ++t) {
      thieves.start([&] {
        RunQueue own;
        while (left > 0) {
          if (G* g = own.steal_from(q, true, true)) take(g);
          while (G* g = own.get().g) take(g);
          os::relax();
        }
      });
    }
    for (int i = 0; i < n; ++i) {
      GQueue overflow = q.put(gs[i], i % 3 == 0);
      while (G* g = overflow.pop_front()) take(g);
      if (i % 4 == 0) {
        if (G* g = q.get().g) take(g);
      }
    }
    while (left > 0) {
      if (G* g = q.get().g) take(g);
      else os::relax();
    }
    thieves.join();
    require(taken.size() == static_cast<std::size_t>(n), "every G is taken");
  });
  EXPECT_EQ(wrong, "");
}

// The owner keeps one G in the queue at all times, in runnext, in the ring, or on
// its way from the one to the other.
TEST(RunQueueSim, IsNeverEmptyWhileOneGIsInIt) {
  const std::string wrong = explore(4'000, unreliable(8), [] {
    Gs gs(2);
    RunQueue q;
    require(q.put(gs[0], true).empty(), "there is room");
    bool done = false;
    Crew observer;
    observer.start([&] {
      while (!done) require(!q.empty(), "the queue is not empty");
    });
    RunQueue hand;
    for (int i = 0; i < 8; ++i) {
      require(q.put(gs[1], true).empty(), "there is room");  // kicks 0 out of runnext
      require(q.get().g == gs[1], "the next slot is first");
      require(q.put(gs[1], false).empty(), "there is room");
      require(q.get().g == gs[0], "0 is before 1");
      require(q.put(gs[0], true).empty(), "there is room");
      require(hand.steal_from(q, false, false) == gs[1], "the thief leaves 0 in runnext");
    }
    done = true;
  });
  EXPECT_EQ(wrong, "");
}

// Must fail: the owner takes the G out for a moment.
TEST(RunQueueSim, IsSeenEmptyWhileItsOnlyGIsOut) {
  const std::string wrong = explore(100, {}, [] {
    Gs gs(1);
    RunQueue q;
    require(q.put(gs[0], true).empty(), "there is room");
    bool done = false;
    Crew observer;
    observer.start([&] {
      while (!done) require(!q.empty(), "the queue is not empty");
    });
    for (int i = 0; i < 8; ++i) require(q.put(q.get().g, true).empty(), "there is room");
    done = true;
  });
  EXPECT_NE(wrong.find("the queue is not empty"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
