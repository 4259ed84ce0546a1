// The global queue: shares and sizes, and the race of an M that takes a batch with a spinner
// at its second look.

#include "runtime/sched/global_queue.h"

#include <gtest/gtest.h>

#include <list>
#include <string>

#include "harness/sim/testing.h"
#include "runtime/base/limits.h"
#include "runtime/sched/p.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;

// n Gs on the queue of a scheduler with so many Ps.
struct Filled {
  Filled(int procs, int n) : queue(procs) {
    GQueue all;
    for (int i = 0; i < n; ++i) all.push_back(&gs.emplace_back(i));
    queue.put_all(SchedGuard(lock), std::move(all));
  }

  SchedLock lock;
  std::list<G> gs;
  GlobalQueue queue;
  P pp{0};
};

TEST(GlobalQueue, IsFirstInFirstOutAndPublishesItsSize) {
  Filled f(1, 0);
  SchedGuard held(f.lock);
  EXPECT_EQ(f.queue.get(held, &f.pp, 1), nullptr);
  G a(1), b(2);
  f.queue.put(held, &a);
  f.queue.put(held, &b);
  EXPECT_EQ(f.queue.size(held), 2);
  EXPECT_EQ(f.queue.published_size(), 2);
  EXPECT_EQ(f.queue.get(held, &f.pp, 1), &a);
  EXPECT_EQ(f.queue.get(held, &f.pp, 1), &b);
  EXPECT_TRUE(f.queue.empty(held));
  EXPECT_EQ(f.queue.published_size(), 0);
  EXPECT_TRUE(f.pp.queue.empty()) << "no more was asked for";
}

TEST(GlobalQueue, APTakesAFairShareThatFitsHalfItsRing) {
  const int half_ring = static_cast<int>(limits::run_queue_slots / 2);
  struct Case {
    int procs, gs, share;
  };
  for (const auto& [procs, gs, share] : {Case{1, 1, 1}, {1, 3, 3}, {4, 4, 2}, {4, 3, 1}, {2, 1, 1},
                                         {1, 3 * half_ring, half_ring}}) {
    Filled f(procs, gs);
    SchedGuard held(f.lock);
    EXPECT_EQ(f.queue.get(held, &f.pp, 0), &f.gs.front());
    EXPECT_EQ(f.pp.queue.size(), share - 1) << procs << " Ps and " << gs << " Gs";
    EXPECT_EQ(f.queue.size(held), gs - share);
  }
}

enum class SecondLook { size_first, queues_first };

// One G of a batch of two is in nobody's hand: the spinner must see it somewhere.
std::string take_a_batch(std::uint64_t runs, SecondLook order) {
  return explore(runs, {}, [order] {
    Filled f(1, 2);
    Crew crew;
    crew.start([&] {
      SchedGuard held(f.lock);
      f.queue.get(held, &f.pp, 0);
    });
    bool seen = order == SecondLook::size_first ? f.queue.published_size() != 0 : !f.pp.queue.empty();  // (K1)
    if (!seen) seen = order == SecondLook::size_first ? !f.pp.queue.empty() : f.queue.published_size() != 0;  // (K2)
    require(seen, "the G is seen in one queue or the other");
  });
}

TEST(GlobalQueueSim, ABatchIsSeenInOneQueueOrTheOther) { EXPECT_EQ(take_a_batch(2'000, SecondLook::size_first), ""); }

// Must fail.
TEST(GlobalQueueSim, ALookAtTheSizeThatComesLastMissesABatch) {
  const std::string wrong = take_a_batch(2'000, SecondLook::queues_first);
  EXPECT_NE(wrong.find("one queue or the other"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
