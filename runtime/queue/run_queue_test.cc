// The run queue: in order for its owner, and each G exactly once for everybody,
// whatever thieves do.

#include "runtime/queue/run_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace rt {
namespace {

using jitterbug::Machine;
using jitterbug::MachineOptions;
using jitterbug::RandomStrategy;
using jitterbug::RunResult;
using jitterbug::testing::Crew;
using jitterbug::testing::RecordingJudge;

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

RunResult run(std::uint64_t seed, const std::function<void()>& body) {
  static Machine machine;
  static RandomStrategy strategy;
  RecordingJudge judge(machine);
  MachineOptions options;
  options.fault_one_in[static_cast<int>(engine::Fault::weak_cas)] = seed % 2 == 0 ? 8 : 0;
  strategy.begin(seed);
  return machine.run(options, strategy, judge, body);
}

TEST(RunQueueSim, EachGIsTakenExactlyOnceByOwnerAndThieves) {
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    const RunResult r = run(seed, [] {
      constexpr int n = 3 * slots;
      Gs gs(n);
      RunQueue q;
      std::map<std::int64_t, int> taken;
      int left = n;
      const auto take = [&](G* g) {
        ++taken[g->id];
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
      ASSERT_EQ(taken.size(), static_cast<std::size_t>(n));
      for (const auto& [id, times] : taken) ASSERT_EQ(times, 1) << "G" << id;
    });
    ASSERT_FALSE(r.failed) << "seed " << seed << ": " << r.sentence;
  }
}

// The owner keeps one G in the queue at all times, in runnext, in the ring, or on
// its way from the one to the other.
TEST(RunQueueSim, IsNeverEmptyWhileOneGIsInIt) {
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    const RunResult r = run(seed, [] {
      Gs gs(2);
      RunQueue q;
      ASSERT_TRUE(q.put(gs[0], true).empty());
      bool done = false;
      Crew observer;
      observer.start([&] {
        while (!done) ASSERT_FALSE(q.empty());
      });
      RunQueue hand;
      for (int i = 0; i < 8; ++i) {
        ASSERT_TRUE(q.put(gs[1], true).empty());  // kicks 0 out of runnext
        ASSERT_EQ(q.get().g, gs[1]);
        ASSERT_TRUE(q.put(gs[1], false).empty());
        ASSERT_EQ(q.get().g, gs[0]);
        ASSERT_TRUE(q.put(gs[0], true).empty());
        ASSERT_EQ(hand.steal_from(q, false, false), gs[1]);  // leaves 0 in runnext
      }
      done = true;
    });
    ASSERT_FALSE(r.failed) << "seed " << seed << ": " << r.sentence;
  }
}

}  // namespace
}  // namespace rt
