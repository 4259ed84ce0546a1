// A signed overflow, on purpose: UndefinedBehaviorSanitizer builds must see it.

#include <gtest/gtest.h>

#include <climits>

namespace {

TEST(SeededError, ASignedNumberOverflows) {
  volatile int largest = INT_MAX;
  volatile int next = largest + 1;
  EXPECT_NE(next, 0);
}

}  // namespace
