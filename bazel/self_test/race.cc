// A data race, on purpose: ThreadSanitizer builds must see it.

#include <gtest/gtest.h>

#include <thread>

namespace {

int shared = 0;

TEST(SeededError, TwoThreadsWriteOneWord) {
  std::thread other([] { ++shared; });
  ++shared;
  other.join();
  EXPECT_GE(shared, 1);
}

}  // namespace
