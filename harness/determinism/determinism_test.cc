// Whole runs of the real scheduler depend on nothing but their plan. What two
// processes and two compilers make of it is compare_digests.sh's business.

#include <gtest/gtest.h>

#include <set>

#include "harness/determinism/sample.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"
#include "harness/strategy/registry.h"

namespace jitterbug {
namespace {

constexpr std::uint64_t schedules = 10'000;

// The second runner has other addresses for everything and another history: it is
// one schedule behind, and runs an extra one now and then.
TEST(Determinism, TenThousandSchedulesTwiceGiveTheSameRuns) {
  Runner first;
  Runner second;
  std::set<std::uint64_t> outcomes;
  std::uint64_t failed = 0;
  for (std::uint64_t index = 0; index < schedules; ++index) {
    const Plan plan = sample_plan(index);
    const Record a = first.run(plan);
    if (index % 50 == 0) second.run(sample_plan(index + 7));
    const Record b = second.run(plan);
    ASSERT_EQ(a, b) << to_token(plan);
    ASSERT_EQ(outcome(a, first), outcome(b, second)) << to_token(plan);
    outcomes.insert(outcome(a, first));
    failed += a.failed() ? 1 : 0;
  }
  // A sample in which everything is alike, or nothing ever fails, says little.
  EXPECT_GT(outcomes.size(), schedules - schedules / 100);
  EXPECT_GT(failed, 0u);
}

TEST(Sample, TakesEveryStressorWithEveryStrategy) {
  std::set<std::pair<std::string, std::string>> seen;
  const std::uint64_t all = stressors().size() * strategies().size();
  for (std::uint64_t index = 0; index < all; ++index) {
    const Plan plan = sample_plan(index);
    seen.insert({plan.workload, plan.strategy});
  }
  EXPECT_EQ(seen.size(), all);
}

TEST(Sample, AnOutcomeKnowsEachPartOfARecord) {
  Runner runner;
  const Record record = runner.run(sample_plan(0));
  std::vector<Record> others(8, record);
  others[0].digest += 1;
  others[1].decisions += 1;
  others[2].switches += 1;
  ASSERT_FALSE(record.failed());
  others[3].failure = {OracleId::progress, "one"};
  others[4].failure = {OracleId::progress, "another"};
  others[5].failure = {OracleId::burn, "one"};
  others[6].parameters["another"] = 1;
  others[7].last_windows.push_back({"m1", rt::Window{0}});
  std::set<std::uint64_t> outcomes = {outcome(record, runner)};
  for (const Record& other : others) outcomes.insert(outcome(other, runner));
  EXPECT_EQ(outcomes.size(), others.size() + 1);
}

TEST(Sample, DigestsCoverAllSchedules) {
  const auto digests = digest_sample(0, 2 * stressors().size() + 1);
  ASSERT_EQ(digests.size(), stressors().size());
  EXPECT_EQ(digests.front().runs, 3u);
  EXPECT_EQ(digests.back().runs, 2u);
  const auto fewer = digest_sample(0, 2 * stressors().size());
  EXPECT_NE(digests.front().digest, fewer.front().digest);
  EXPECT_EQ(digests.back().digest, fewer.back().digest);
}

TEST(Sample, APartOfItBeginsWhereItIsToldTo) {
  const std::uint64_t all = stressors().size();
  const auto digests = digest_sample(all + 1, all);
  EXPECT_EQ(digests.front().runs, 1u);
  EXPECT_EQ(digests.front().digest, digest_sample(2 * all, 1).front().digest);
  EXPECT_NE(digests.front().digest, digest_sample(0, 1).front().digest);
}

}  // namespace
}  // namespace jitterbug
