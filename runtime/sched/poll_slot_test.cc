// The slot of the poller: each transition of the table in poll_slot.h, and who takes it.

#include "runtime/sched/poll_slot.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;

TEST(PollSlot, IsTakenOnceAndReleasedWithTheTime) {
  PollSlot slot;
  EXPECT_FALSE(slot.taken());
  EXPECT_TRUE(slot.take());
  EXPECT_TRUE(slot.taken());
  EXPECT_FALSE(slot.take());
  slot.release(70);
  EXPECT_EQ(slot.last(), 70);
  EXPECT_TRUE(slot.take());
}

TEST(PollSlot, OutlastsWhatComesBeforeItsDeadlineAndEverythingWithoutOne) {
  PollSlot slot;
  ASSERT_TRUE(slot.take());
  EXPECT_TRUE(slot.outlasts(50)) << "the deadline is not published yet";
  slot.publish(60);
  EXPECT_TRUE(slot.outlasts(50));
  EXPECT_FALSE(slot.outlasts(60));
  EXPECT_FALSE(slot.outlasts(70));
  slot.withdraw();
  EXPECT_TRUE(slot.outlasts(70));
}

TEST(PollSlot, AFreeSlotKeepsTheTimeOfALookThatDidNotBlock) {
  PollSlot slot;
  slot.looked(slot.last(), 20);
  EXPECT_EQ(slot.last(), 20);
  slot.looked(10, 30);
  EXPECT_EQ(slot.last(), 20) << "somebody else has looked since";
}

enum class Look { from_what_was_seen, without_a_look };

// sysmon polls without blocking beside an M that takes the slot.
std::string look_beside_a_taker(std::uint64_t runs, Look look) {
  return explore(runs, {}, [look] {
    PollSlot slot;
    Crew sysmon;
    sysmon.start([&] {
      const Instant last = slot.last();
      if (last == 0) return;
      if (look == Look::from_what_was_seen) slot.looked(last, 20);
      else slot.release(20);
    });
    require(slot.take(), "nobody else takes it");
    sysmon.join();
    require(slot.taken(), "a slot that is taken stays taken");
  });
}

TEST(PollSlotSim, ALookThatDoesNotBlockFreesNoSlot) {
  EXPECT_EQ(look_beside_a_taker(2'000, Look::from_what_was_seen), "");
}

// Must fail.
TEST(PollSlotSim, ALookThatForgetsWhatItSawFreesTheSlot) {
  const std::string wrong = look_beside_a_taker(2'000, Look::without_a_look);
  EXPECT_NE(wrong.find("stays taken"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
