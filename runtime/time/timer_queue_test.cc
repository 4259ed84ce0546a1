// When which sleeper is due: in order, each one once, and nobody sleeps past the earliest.

#include "runtime/time/timer_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "harness/sim/testing.h"
#include "runtime/sync/note.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

TEST(TimerQueue, GivesOutWhatIsDueInOrderOfDeadlineThenOfArming) {
  G a(0), b(1), c(2), d(3);
  TimerQueue q;
  EXPECT_TRUE(q.empty());
  EXPECT_TRUE(q.add(&a, 300));
  EXPECT_TRUE(q.add(&b, 100));
  EXPECT_FALSE(q.add(&c, 300));
  EXPECT_FALSE(q.add(&d, 200));
  EXPECT_EQ(q.next(), 100);
  GQueue due;
  q.take_due(99, due);
  EXPECT_TRUE(due.empty());
  q.take_due(300, due);
  std::vector<G*> order;
  while (G* g = due.pop_front()) order.push_back(g);
  EXPECT_EQ(order, (std::vector<G*>{&b, &d, &a, &c}));
  EXPECT_EQ(q.next(), 0);
}

TEST(TimerQueue, SaysWhenATimerIsTheEarliest) {
  G a(0), b(1);
  TimerQueue q;
  EXPECT_TRUE(q.add(&a, 50));
  EXPECT_FALSE(q.add(&b, 50));
  GQueue due;
  q.take_due(50, due);
  EXPECT_EQ(due.size(), 2);
  EXPECT_TRUE(q.add(&b, 70));
}

// ---- Those who arm, and who takes what is due ---------------------------------------

TEST(TimerQueueSim, EachTimerIsTakenOnceAndTheEarliestIsAlwaysInSight) {
  const std::string wrong = explore(3'000, unreliable(8), [] {
    constexpr int armers = 2, each = 3;
    std::deque<G> gs;
    for (int i = 0; i < armers * each; ++i) gs.emplace_back(i);
    TimerQueue q;
    std::vector<int> taken(gs.size());
    bool taking = false;
    Crew crew;
    for (int a = 0; a < armers; ++a) {
      crew.start([&, a] {
        for (int i = a * each; i < (a + 1) * each; ++i) {
          const Instant when = 1'000 + 500 * ((7 * i) % 5);
          q.add(&gs[static_cast<std::size_t>(i)], when);
          const Instant next = q.next();
          const bool armed = !taking && taken[static_cast<std::size_t>(i)] == 0;
          require(!armed || (next != 0 && next <= when), "no later timer is said to be the earliest");
        }
      });
    }
    const auto take = [&](Instant now) {
      GQueue due;
      taking = true;
      q.take_due(now, due);
      while (G* g = due.pop_front()) require(++taken[static_cast<std::size_t>(g->id)] == 1, "a timer is taken once");
      taking = false;
    };
    for (Instant now = 0; now <= 2'000; now += 500) take(now);
    crew.join();
    take(3'000);
    for (const int times : taken) require(times == 1, "every timer is taken");
    require(q.empty(), "nothing is left");
  });
  EXPECT_EQ(wrong, "");
}

// One sleeps until the earliest timer; another one arms an earlier one, and wakes it if
// add() says that it is the earliest.
//
//   sleeper                        armer
//   (1) reads next()               (3) add()
//   (2) sleeps until then          (4) true: wakes the sleeper
std::string oversleep(std::uint64_t runs, bool wakes) {
  return explore(runs, {}, [wakes] {
    G early(1), late(2);
    TimerQueue q;
    Note note;
    const Instant start = os::now();
    const Instant soon = start + 50 * microsecond;
    q.add(&late, start + 10 * millisecond);
    Crew crew;
    crew.start([&] {
      const bool earliest = q.add(&early, soon);
      require(earliest, "it is the earliest");
      if (wakes) require(note.wake(), "one wake");
    });
    GQueue due;
    while (due.empty()) {
      const Instant next = q.next();
      const Instant now = os::now();
      if (next > now && note.sleep_for(next - now)) note.clear();
      const Instant woken = os::now();
      q.take_due(woken, due);
    }
    require(due.pop_front() == &early, "the earlier one is due first");
    const Instant end = os::now();
    require(end < soon + millisecond, "nobody oversleeps");
  });
}

TEST(TimerQueueSim, WhoIsToldOfAnEarlierTimerDoesNotOversleep) { EXPECT_EQ(oversleep(3'000, true), ""); }

// Must fail.
TEST(TimerQueueSim, WhoIsNotToldOversleeps) {
  const std::string wrong = oversleep(100, false);
  EXPECT_NE(wrong.find("nobody oversleeps"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
