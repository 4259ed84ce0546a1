// What holding threads back promises.

#include "harness/strategy/holds.h"

#include <gtest/gtest.h>

namespace jitterbug {
namespace {

using rt::engine::no_thread;
using rt::engine::OpKind;

TEST(Holds, AThreadIsHeldUntilItsStep) {
  Holds holds;
  EXPECT_TRUE(holds.none(0));
  holds.hold(3, 10);
  EXPECT_TRUE(holds.held(3, 9));
  EXPECT_FALSE(holds.held(3, 10));
  EXPECT_FALSE(holds.held(2, 9));
  EXPECT_FALSE(holds.held(4, 9)) << "one that it has not met";
  EXPECT_FALSE(holds.none(9));
  EXPECT_TRUE(holds.none(10));
  holds.begin();
  EXPECT_FALSE(holds.held(3, 9));
}

TEST(Holds, TheFirstEndIsThatOfACandidate) {
  Holds holds;
  holds.hold(0, 10);
  holds.hold(1, 20);
  holds.hold(2, 30);
  const Candidate both[] = {{1, Op{OpKind::load}}, {2, Op{OpKind::load}}};
  Situation s{};
  s.runnable = both;
  EXPECT_EQ(holds.first_end(s, 100), 20u);
  EXPECT_EQ(holds.first_end(s, 15), 15u);
  s.step = 25;
  EXPECT_EQ(holds.first_end(s, 100), 30u);
}

TEST(Holds, WhenAllAreHeldSpinnersMoveOrTimePassesOrTheFirstHoldEnds) {
  const Candidate both[] = {{0, Op{OpKind::load}}, {1, Op{OpKind::load}}};
  Situation s{};
  s.runnable = both;
  rt::Rng rng(1);
  Holds holds;
  const auto answer = [&](bool time_may_pass) {
    holds.hold(0, 20);
    holds.hold(1, 10);
    return holds.answer_when_all_are_held(s, time_may_pass, rng);
  };
  EXPECT_EQ(answer(true), 1u);
  EXPECT_FALSE(holds.held(1, 0)) << "it goes on from here";
  EXPECT_TRUE(holds.held(0, 0));

  s.next_deadline = 20 * rt::microsecond;
  int passed = 0;
  for (int i = 0; i < 1'000; ++i) passed += answer(true) == no_thread ? 1 : 0;
  EXPECT_NEAR(passed, 750, 60);
  EXPECT_EQ(answer(false), 1u);
  s.next_deadline = rt::second;
  EXPECT_EQ(answer(true), 1u) << "too far to be waited for";

  s.spinning = 1;
  EXPECT_EQ(answer(false), no_thread);
}

}  // namespace
}  // namespace jitterbug
