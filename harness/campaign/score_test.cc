#include "harness/campaign/score.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

Trial caught(const char* oracle, std::uint64_t schedules, double seconds) {
  return {true, oracle, "callbacks", "token", schedules, seconds};
}

const Defect& row(const char* id) { return *find_defect(id); }

TEST(Summarise, TakesMediansOfTheCatches) {
  const RowScore odd = summarise(row("S1c"), {caught("O5", 9, 3), caught("O5", 1, 1), caught("O15", 2, 2)}, true);
  EXPECT_EQ(odd.median_schedules, 2);
  EXPECT_EQ(odd.median_seconds, 2);
  EXPECT_EQ(odd.oracle, "O5");
  EXPECT_TRUE(odd.complete());
  EXPECT_EQ(odd.note, "");
  const RowScore even = summarise(row("S1c"), {caught("O5", 1, 1), caught("O5", 4, 2)}, true);
  EXPECT_EQ(even.median_schedules, 2.5);
}

TEST(Summarise, AnotherOracleIsNoCatch) {
  Trial other{false, "O7", "callbacks", "other", 5, 1};
  const RowScore score = summarise(row("S1c"), {caught("O5", 1, 1), other}, true);
  EXPECT_EQ(score.caught, 1u);
  EXPECT_EQ(score.trials, 2u);
  EXPECT_FALSE(score.complete());
  EXPECT_NE(score.note.find("1 trials ended with O7 instead"), std::string::npos) << score.note;
  const RowScore never = summarise(row("S1c"), {other}, true);
  EXPECT_EQ(never.oracle, "O7");
  EXPECT_EQ(never.token, "other");
}

TEST(Summarise, SaysThatTheSafeguardWasNeverReached) {
  Trial nothing;
  nothing.schedules = 100;
  EXPECT_NE(summarise(row("S1c"), {nothing}, false).note.find("never reached"), std::string::npos);
  EXPECT_NE(summarise(row("S1c"), {nothing}, true).note.find("1 found nothing"), std::string::npos);
}

TEST(Summarise, PendingRowsDoNotSpoilTheScore) {
  Score score;
  score.rows.push_back(summarise(row("S2f"), {}, true));
  EXPECT_TRUE(score.complete());
  EXPECT_NE(score.rows[0].note.find("crash relay"), std::string::npos);
  score.rows.push_back(summarise(row("S3a"), {}, true));
  EXPECT_FALSE(score.complete()) << "an armed row without a trial is not caught";
}

NoiseGain gain_of(std::uint64_t quiet, std::uint64_t noisy) { return {{100, quiet}, {100, noisy}}; }

TEST(NoiseGain, IsARatio) {
  EXPECT_DOUBLE_EQ((NoiseGain{{100, 2}, {50, 10}}.times()), 10);
  EXPECT_DOUBLE_EQ((NoiseGain{{100, 0}, {50, 10}}.times()), 40) << "as if one in 200";
}

TEST(NoiseGain, TheMedianLeavesOutWhatNeedsNoNoise) {
  Score score;
  const auto add = [&](std::uint64_t quiet, std::uint64_t noisy) {
    RowScore& row = score.rows.emplace_back();
    row.caught = quiet + noisy > 0 ? 1 : 0;
    row.noise = gain_of(quiet, noisy);
  };
  EXPECT_DOUBLE_EQ(score.median_gain(), 0);
  add(90, 90);
  add(0, 0);
  EXPECT_DOUBLE_EQ(score.median_gain(), 0);
  add(10, 20);
  add(1, 8);
  EXPECT_DOUBLE_EQ(score.median_gain(), 5);
}

TEST(RowsNamed, UnderstandsListsAndRefusesTheRest) {
  const std::vector<std::string> all = rows_named("all"), core = rows_named("core");
  EXPECT_EQ(all.size(), defects().size());
  EXPECT_EQ(core.front(), "S1a");
  EXPECT_EQ(core.back(), "S5d");
  EXPECT_TRUE(std::includes(all.begin(), all.end(), core.begin(), core.end()));
  EXPECT_LT(core.size(), all.size());
  EXPECT_EQ(rows_named("S3a,S1a,S3a"), (std::vector<std::string>{"S3a", "S1a"}));
  EXPECT_EQ(rows_named("id_reserved_before_unlock"), std::vector<std::string>{"S3a"});
  EXPECT_THROW(rows_named("S3a,nonsense"), UsageError);
  EXPECT_THROW(rows_named("S3a,,S1a"), UsageError);
  EXPECT_THROW(rows_named(""), UsageError);
}

}  // namespace
}  // namespace jitterbug
