#include "harness/campaign/portfolio.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/base/errors.h"
#include "harness/campaign/hunt.h"
#include "harness/run/token.h"
#include "harness/simulated/runner.h"
#include "harness/strategy/registry.h"
#include "harness/toys/toys.h"

namespace jitterbug {
namespace {

constexpr std::uint64_t draws = 20'000;

std::vector<std::uint64_t> shares(const PortfolioTally& tally) {
  std::vector<std::uint64_t> counts(portfolio_members().size());
  for (std::uint64_t seed = 0; seed < draws; ++seed) ++counts.at(tally.choose(seed));
  return counts;
}

TEST(Portfolio, ConsistsOfStrategiesAndIsNone) {
  for (const std::string& member : portfolio_members()) EXPECT_NE(find_strategy(member), nullptr) << member;
  EXPECT_EQ(find_strategy(portfolio_name), nullptr) << "a token names the member";
  EXPECT_TRUE(known_to_campaigns(portfolio_name));
  EXPECT_TRUE(known_to_campaigns("pos"));
  EXPECT_FALSE(known_to_campaigns("portfoli"));
}

TEST(Portfolio, ChoosesByTheSeedAndWhatWasLearned) {
  PortfolioTally first, second;
  for (std::uint64_t seed = 0; seed < 100; ++seed) EXPECT_EQ(first.choose(seed), second.choose(seed));
}

TEST(Portfolio, GivesMoreToTheMemberThatShowsSomethingNewAndStarvesNone) {
  PortfolioTally tally;
  const std::vector<std::uint64_t> before = shares(tally);
  for (std::size_t member = 0; member < portfolio_members().size(); ++member) {
    for (int run = 0; run < 1'000; ++run) tally.learn(member, member == 0 && run % 4 == 0);
  }
  const std::vector<std::uint64_t> after = shares(tally);
  EXPECT_GT(after[0], 2 * before[0]);
  for (const std::uint64_t count : after) EXPECT_GT(count, draws / 20);
}

TEST(Portfolio, FindingsReplayUnderTheMemberThatMadeThem) {
  HuntRequest request;
  request.workloads = {"toy_lost"};
  request.strategy = portfolio_name;
  request.schedules = 400;
  request.jobs = 2;
  const BatchResult result = hunt(request, {});
  ASSERT_FALSE(result.findings.empty());
  Runner runner;
  for (const Finding& finding : result.findings) {
    EXPECT_NE(finding.plan.strategy, portfolio_name);
    const ParsedToken parsed = parse_token(to_token(finding.plan));
    ASSERT_TRUE(parsed.plan);
    const Record again = runner.run(*parsed.plan);
    EXPECT_TRUE(again.failed());
    EXPECT_EQ(sentence_of(again.failure), sentence_of(finding.record.failure));
    EXPECT_EQ(again.digest, finding.record.digest);
  }
}

TEST(Portfolio, IsForCampaignsOnly) {
  Plan plan;
  plan.workload = "toy_lost";
  plan.strategy = portfolio_name;
  EXPECT_NO_THROW(check_campaign_plan(plan));
  EXPECT_THROW(check_plan(plan), UsageError);
}

}  // namespace
}  // namespace jitterbug
