#include "runtime/sched/steal_order.h"

#include <gtest/gtest.h>

#include <set>

namespace rt {
namespace {

TEST(StealOrder, VisitsEveryPositionOnceWhateverIsDrawn) {
  for (std::uint32_t n = 1; n <= 17; ++n) {
    for (int draw = 0; draw < 200; ++draw) {
      std::set<std::uint32_t> seen;
      int steps = 0;
      for (StealOrder order(n); !order.done(); order.next()) {
        ASSERT_LT(order.position(), n);
        seen.insert(order.position());
        ++steps;
      }
      ASSERT_EQ(seen.size(), n);
      ASSERT_EQ(steps, static_cast<int>(n));
    }
  }
}

TEST(StealOrder, StartsEverywhere) {
  std::set<std::uint32_t> starts;
  for (int draw = 0; draw < 1'000; ++draw) starts.insert(StealOrder(8).position());
  EXPECT_EQ(starts.size(), 8u);
}

}  // namespace
}  // namespace rt
