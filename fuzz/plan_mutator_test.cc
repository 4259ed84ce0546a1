// What mutations of plans promise.

#include "fuzz/plan_mutator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/run/token.h"

namespace jitterbug::fuzz {
namespace {

const std::vector<std::string> workloads = {"wake_storm", "callbacks"};

Record ran(std::uint64_t steps) {
  Record record;
  record.decisions = steps;
  record.parameters = {{"pair", 2}, {"rounds", 7}};
  return record;
}

bool in_order(const std::vector<Edit>& edits) {
  return std::is_sorted(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at < b.at; });
}

void expect_valid(const Plan& plan) {
  EXPECT_TRUE(in_order(plan.edits)) << to_text(plan.edits);
  EXPECT_LE(plan.edits.size(), PlanMutator::edits_max);
  const ParsedToken parsed = parse_token(to_token(plan));
  ASSERT_TRUE(parsed.plan) << to_token(plan) << ": " << parsed.error.message;
  EXPECT_EQ(*parsed.plan, plan);
}

TEST(PlanMutator, MutantsHaveTokens) {
  PlanMutator mutator(workloads, "S3a");
  rt::Rng rng(1);
  Plan plan = mutator.fresh(rng), other = plan;
  for (int i = 0; i < 20'000; ++i) {
    if (i % 100 == 0) mutator.learn(plan, ran(rng.below(5'000)));
    if (rng.one_in(4))
      plan = mutator.splice(plan, other, rng);
    else
      mutator.mutate(plan, rng);
    expect_valid(plan);
    ASSERT_EQ(plan.lifted, "S3a");
    ASSERT_NE(std::find(workloads.begin(), workloads.end(), plan.workload), workloads.end());
    if (rng.one_in(8)) other = plan;
  }
}

TEST(PlanMutator, EqualSeedsGiveEqualMutants) {
  PlanMutator mutator(workloads, "");
  rt::Rng a(7), b(7);
  Plan first = mutator.fresh(a), second = mutator.fresh(b);
  for (int i = 0; i < 1'000; ++i) {
    mutator.mutate(first, a);
    mutator.mutate(second, b);
    ASSERT_EQ(first, second);
  }
}

TEST(PlanMutator, EveryPartOfAPlanChanges) {
  PlanMutator mutator(workloads, "");
  rt::Rng rng(3);
  Plan plan = mutator.fresh(rng);
  mutator.learn(plan, ran(3'000));
  std::set<std::string> changed;
  for (int i = 0; i < 5'000; ++i) {
    const Plan before = plan;
    mutator.mutate(plan, rng);
    if (plan.seed != before.seed) {
      mutator.learn(plan, ran(3'000));
      continue;  // drawn afresh
    }
    if (plan.strategy != before.strategy) changed.insert("strategy");
    if (plan.storm_steps != before.storm_steps) changed.insert("storm");
    if (plan.fixed != before.fixed) changed.insert("parameters");
    if (plan.edits.size() > before.edits.size()) changed.insert("added");
    if (plan.edits.size() < before.edits.size()) changed.insert("dropped");
    if (plan.edits.size() == before.edits.size() && plan.edits != before.edits) changed.insert("moved");
  }
  EXPECT_EQ(changed, (std::set<std::string>{"added", "dropped", "moved", "parameters", "storm", "strategy"}));
}

TEST(PlanMutator, ASpliceBeginsLikeOneAndEndsLikeTheOther) {
  PlanMutator mutator(workloads, "");
  rt::Rng rng(5);
  Plan a = mutator.fresh(rng), b = a;
  for (std::uint64_t at = 0; at < 400; at += 10) {
    a.edits.push_back({at, EditKind::hold, 0, 3});
    b.edits.push_back({at, EditKind::hold, 0, 9});
  }
  std::set<std::ptrdiff_t> cuts;
  for (int i = 0; i < 100; ++i) {
    const Plan plan = mutator.splice(a, b, rng);
    expect_valid(plan);
    const auto of_b = [](const Edit& edit) { return edit.length_log2 == 9; };
    const auto cut = std::find_if(plan.edits.begin(), plan.edits.end(), of_b);
    EXPECT_TRUE(std::all_of(cut, plan.edits.end(), of_b));
    EXPECT_EQ(plan.edits.size(), a.edits.size());
    cuts.insert(cut - plan.edits.begin());
  }
  EXPECT_GT(cuts.size(), 5u);
}

TEST(PlanMutator, ParametersStayAmongThoseThatWereMet) {
  PlanMutator mutator({"wake_storm"}, "");
  rt::Rng rng(9);
  Plan plan = mutator.fresh(rng);
  Record record = ran(100);
  for (const std::int64_t value : {4, 9}) {
    record.parameters["rounds"] = value;
    mutator.learn(plan, record);
  }
  std::set<std::int64_t> rounds;
  for (int i = 0; i < 5'000; ++i) {
    mutator.mutate(plan, rng);
    if (plan.fixed.contains("rounds")) rounds.insert(plan.fixed.at("rounds"));
  }
  EXPECT_EQ(rounds, (std::set<std::int64_t>{4, 5, 6, 7, 8, 9}));
}

}  // namespace
}  // namespace jitterbug::fuzz
