// A read of freed memory, on purpose: AddressSanitizer builds must see it.

#include <gtest/gtest.h>

namespace {

TEST(SeededError, FreedMemoryIsRead) {
  volatile int* freed = new int[4]{};
  delete[] freed;
  EXPECT_NE(freed[1], 0x7fffffff);
}

}  // namespace
