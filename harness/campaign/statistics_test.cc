// Estimates against values worked out by hand.

#include "harness/campaign/statistics.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

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

WindowSet windows(std::initializer_list<std::size_t> numbers) {
  WindowSet set;
  for (const std::size_t number : numbers) set.add(static_cast<rt::Window>(number));
  return set;
}

void expect_count(const ClassCensus& census, const ClassCount& expected) {
  const ClassCount count = census.count();
  EXPECT_EQ(count.runs, expected.runs);
  EXPECT_EQ(count.classes, expected.classes);
  EXPECT_EQ(count.singletons, expected.singletons);
}

TEST(ClassCensus, CountsWindowsAndPairsOfThem) {
  const auto census = std::make_unique<ClassCensus>();
  expect_count(*census, {0, 0, 0});
  census->add(windows({}));
  expect_count(*census, {1, 0, 0});
  census->add(windows({3}));
  expect_count(*census, {2, 1, 1});
  census->add(windows({3, 70, 80}));  // 3; new: 70, 80, 3-70, 3-80, 70-80
  expect_count(*census, {3, 6, 5});
  census->add(windows({70, 80}));
  expect_count(*census, {4, 6, 2});   // 3-70 and 3-80 are left
  census->add(windows({3, 70, 80}));
  expect_count(*census, {5, 6, 0});
  census->add(windows({0, 63, 64, window_count - 1}));
  expect_count(*census, {6, 16, 10});
  EXPECT_DOUBLE_EQ(unseen_mass(census->count()), 1) << "at most";
}

TEST(ClassCensus, EveryPairIsAClass) {
  const auto census = std::make_unique<ClassCensus>();
  WindowSet all;
  for (std::size_t number = 0; number < window_count; ++number) all.add(static_cast<rt::Window>(number));
  census->add(all);
  expect_count(*census, {1, window_count * (window_count + 1) / 2, window_count * (window_count + 1) / 2});
}

// Runs that leave one window of 90 each: a run is of one class, which is Good's case.
TEST(UnseenMass, IsCloseToWhatDrawsHaveNotSeen) {
  constexpr std::uint32_t classes = 90;
  constexpr int draws = 90, trials = 200;
  rt::Rng rng(1);
  double estimated = 0, unseen = 0;
  for (int t = 0; t < trials; ++t) {
    const auto census = std::make_unique<ClassCensus>();
    std::set<std::uint32_t> seen;
    for (int i = 0; i < draws; ++i) {
      const std::uint32_t window = rng.below(classes);
      census->add(windows({window}));
      seen.insert(window);
    }
    estimated += unseen_mass(census->count()) / trials;
    unseen += static_cast<double>(classes - seen.size()) / classes / trials;
  }
  EXPECT_NEAR(unseen, 0.3658, 0.01) << "(1 - 1/90)^90";
  EXPECT_NEAR(estimated, unseen, 0.01);
}

}  // namespace
}  // namespace jitterbug
