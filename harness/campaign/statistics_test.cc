// Estimates against values worked out by hand.

#include "harness/campaign/statistics.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

TEST(DefectBound, IsOneMinusARootOfFivePercent) {
  EXPECT_DOUBLE_EQ(defect_bound(0, 0.95), 1);
  EXPECT_NEAR(defect_bound(1, 0.95), 0.95, 1e-12);
  EXPECT_NEAR(defect_bound(2, 0.95), 0.776393202250021, 1e-12);   // 1 - sqrt(0.05)
  EXPECT_NEAR(defect_bound(3, 0.95), 0.631596850135121, 1e-12);   // 1 - cbrt(0.05)
  EXPECT_NEAR(defect_bound(1, 0.5), 0.5, 1e-12);
}

TEST(DefectBound, FiftyNinePassesExcludeOneInTwenty) {
  EXPECT_GT(defect_bound(58, 0.95), 0.05);
  EXPECT_LT(defect_bound(59, 0.95), 0.05);
}

TEST(DefectBound, IsCloseToThreeOverThePasses) {
  EXPECT_NEAR(defect_bound(1'000'000, 0.95), 2.995727787e-6, 1e-14);
  EXPECT_NEAR(defect_bound(1'000'000'000'000, 0.95) * 1e12, 2.995732274, 1e-8) << "no digits are lost on the way";
}

TEST(UnseenMass, IsTheShareOfRunsAloneInTheirClass) {
  EXPECT_DOUBLE_EQ(unseen_mass({}), 1);
  EXPECT_DOUBLE_EQ(unseen_mass({1, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(unseen_mass({8, 4, 2}), 0.25);
  EXPECT_DOUBLE_EQ(unseen_mass({1'000, 3, 0}), 0);
}

ClassCount count_of(std::initializer_list<std::uint64_t> classes) {
  const auto census = std::make_unique<ClassCensus>();
  for (const std::uint64_t id : classes) census->add(id);
  return census->count();
}

TEST(ClassCensus, CountsClassesAndThoseMetOnce) {
  const ClassCount none = count_of({});
  EXPECT_EQ(none.runs + none.classes + none.singletons, 0u);
  const ClassCount some = count_of({11, 12, 11, 13, 13, 13, 14});
  EXPECT_EQ(some.runs, 7u);
  EXPECT_EQ(some.classes, 4u);
  EXPECT_EQ(some.singletons, 2u);
  EXPECT_DOUBLE_EQ(unseen_mass(some), 2.0 / 7);
  const ClassCount zeros = count_of({0, 0});
  EXPECT_EQ(zeros.classes, 1u);
  EXPECT_EQ(zeros.singletons, 0u);
}

TEST(ClassCensus, CountsNoMoreWhenItIsFull) {
  const auto census = std::make_unique<ClassCensus>();
  for (std::uint64_t id = 0; id < ClassCensus::classes_max + 1'000; ++id) census->add(rt::scramble(id));
  census->add(rt::scramble(0));
  const ClassCount count = census->count();
  EXPECT_EQ(count.runs, ClassCensus::classes_max);
  EXPECT_EQ(count.classes, ClassCensus::classes_max);
  EXPECT_EQ(count.singletons, ClassCensus::classes_max);
}

TEST(UnseenMass, IsCloseToWhatDrawsHaveNotSeen) {
  constexpr std::uint32_t classes = 1'000;
  const auto census = std::make_unique<ClassCensus>();
  std::set<std::uint32_t> seen;
  rt::Rng rng(1);
  for (int i = 0; i < 2'000; ++i) {
    const std::uint32_t id = rng.below(classes);
    census->add(rt::scramble(id));
    seen.insert(id);
  }
  const double unseen = static_cast<double>(classes - seen.size()) / classes;
  EXPECT_NEAR(unseen, 0.135, 0.03) << "e^-2";
  EXPECT_NEAR(unseen_mass(census->count()), unseen, 0.03);
}

TEST(ClassOf, TellsStressorWindowsAndOutcomeApart) {
  std::set<std::uint64_t> classes;
  Record passes, fails;
  fails.failed = true;
  fails.oracle = "O1";
  const WindowBits none = {}, first = bits_of({true}), second = bits_of({false, true});
  classes.insert(class_of("a", passes, none, none));
  classes.insert(class_of("b", passes, none, none));
  classes.insert(class_of("a", passes, first, none));
  classes.insert(class_of("a", passes, first, first));
  classes.insert(class_of("a", passes, second, none));
  classes.insert(class_of("a", fails, none, none));
  fails.oracle = "O2";
  classes.insert(class_of("a", fails, none, none));
  EXPECT_EQ(classes.size(), 7u);
  fails.digest = 1;
  fails.sentence = "otherwise";
  EXPECT_TRUE(classes.contains(class_of("a", fails, none, none))) << "no two runs would be alike";
}

}  // namespace
}  // namespace jitterbug
