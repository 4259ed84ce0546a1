#include "runtime/time/timer_queue.h"

#include <gtest/gtest.h>

#include <vector>

namespace rt {
namespace {

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

}  // namespace
}  // namespace rt
