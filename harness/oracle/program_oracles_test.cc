// The oracles of any program.

#include <gtest/gtest.h>

#include "harness/oracle/fake_evidence.h"

namespace jitterbug::testing {
namespace {

TEST(Assertion, AProgramThatGivesUpHasFailed) {
  FakeVerdict verdict;
  make_oracle("O20")->fatal(FakeEvidence{}, verdict, rt::Fatal::broken_invariant, "two and two are five");
  EXPECT_EQ(verdict.oracle, "O20");
  EXPECT_NE(verdict.sentence.find("two and two are five"), std::string::npos) << verdict.sentence;
}

TEST(Deadlock, AProgramOfWhichNobodyCanRunHasFailed) {
  FakeVerdict verdict;
  make_oracle("O21")->world_dead(FakeEvidence{}, verdict);
  EXPECT_EQ(verdict.oracle, "O21");
}

TEST(Livelock, AProgramThatDoesNotEndHasFailed) {
  FakeVerdict verdict;
  make_oracle("O22")->steps_exhausted(FakeEvidence{}, verdict);
  EXPECT_EQ(verdict.oracle, "O22");
}

// Each moment has one of them.
TEST(Program, TheOthersAreSilent) {
  FakeVerdict verdict;
  make_oracle("O20")->steps_exhausted(FakeEvidence{}, verdict);
  make_oracle("O21")->steps_exhausted(FakeEvidence{}, verdict);
  make_oracle("O22")->world_dead(FakeEvidence{}, verdict);
  EXPECT_EQ(verdict.oracle, "");
}

}  // namespace
}  // namespace jitterbug::testing
