#include "runtime/base/intrusive_list.h"

#include <gtest/gtest.h>

#include <vector>

namespace rt {
namespace {

struct Item {
  int value = 0;
  Item* link = nullptr;
};
using Queue = IntrusiveQueue<Item, &Item::link>;

std::vector<int> drain(Queue& q) {
  std::vector<int> out;
  while (Item* i = q.pop_front()) out.push_back(i->value);
  return out;
}

struct IntrusiveQueueOrder : ::testing::Test {
  Item a{1}, b{2}, c{3};
  Queue q;
};

TEST_F(IntrusiveQueueOrder, IsFirstInFirstOutWithPushesInFront) {
  q.push_back(&a);
  q.push_back(&b);
  q.push_front(&c);
  EXPECT_EQ(q.size(), 3);
  EXPECT_EQ(drain(q), (std::vector{3, 1, 2}));
  EXPECT_TRUE(q.empty());
  EXPECT_EQ(q.size(), 0);
}

TEST_F(IntrusiveQueueOrder, AppendEmptiesTheOther) {
  Queue other;
  q.push_back(&a);
  other.push_back(&b);
  other.push_back(&c);
  q.append(std::move(other));
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(other.size(), 0);
  EXPECT_EQ(q.size(), 3);
  EXPECT_EQ(drain(q), (std::vector{1, 2, 3}));
}

TEST_F(IntrusiveQueueOrder, MovingLeavesAnEmptyQueueThatWorks) {
  q.push_back(&a);
  Queue moved = std::move(q);
  EXPECT_TRUE(q.empty());
  q.push_back(&b);
  EXPECT_EQ(drain(moved), std::vector{1});
  EXPECT_EQ(drain(q), std::vector{2});
}

TEST_F(IntrusiveQueueOrder, TheFrontIsTakenInOrderAndTheRestStays) {
  q.push_back(&a);
  q.push_back(&b);
  q.push_back(&c);
  Queue front = q.take_front(2);
  EXPECT_EQ(front.size(), 2);
  EXPECT_EQ(q.size(), 1);
  EXPECT_EQ(drain(front), (std::vector{1, 2}));
  Queue rest = q.take_front(5);
  EXPECT_TRUE(q.empty());
  EXPECT_EQ(drain(rest), std::vector{3});
}

TEST_F(IntrusiveQueueOrder, APoppedElementIsUnlinked) {
  q.push_back(&a);
  q.push_back(&b);
  EXPECT_EQ(q.pop_front(), &a);
  EXPECT_EQ(a.link, nullptr);
}

}  // namespace
}  // namespace rt
