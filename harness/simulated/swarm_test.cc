#include "harness/simulated/swarm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "harness/base/draw.h"

namespace jitterbug {
namespace {

Plan plan_of(std::uint64_t seed) {
  Plan plan;
  plan.workload = "toy_good";
  plan.seed = seed;
  return plan;
}

bool equal(const MachineOptions& a, const MachineOptions& b) {
  return a.step_ns == b.step_ns && a.storm_steps == b.storm_steps && a.calm_steps == b.calm_steps &&
         std::equal(std::begin(a.fault_one_in), std::end(a.fault_one_in), std::begin(b.fault_one_in)) &&
         a.audit_every == b.audit_every && a.lifted == b.lifted;
}

TEST(Swarm, EqualPlansGiveEqualMachines) {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    EXPECT_TRUE(equal(draw_machine(plan_of(seed)), draw_machine(plan_of(seed))));
  }
}

// A token printed by an older build must mean the same run in this one.
TEST(Swarm, DrawsWhatItHasAlwaysDrawn) {
  const MachineOptions options = draw_machine(plan_of(1));
  EXPECT_EQ(options.step_ns, 500);
  EXPECT_EQ(options.storm_steps, 5820u);
  EXPECT_EQ(options.audit_every, 19u);
}

TEST(Swarm, StaysWithinItsRanges) {
  std::set<Duration> steps;
  std::set<std::uint32_t> audits;
  std::uint64_t storm_min = ~0ull, storm_max = 0;
  int hostile = 0, faults = 0;
  constexpr int runs = 20'000;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const MachineOptions options = draw_machine(plan_of(seed));
    steps.insert(options.step_ns);
    audits.insert(options.audit_every);
    storm_min = std::min(storm_min, options.storm_steps);
    storm_max = std::max(storm_max, options.storm_steps);
    bool any = false;
    for (const std::uint32_t one_in : options.fault_one_in) {
      if (one_in == 0) continue;
      any = true;
      ++faults;
      EXPECT_GE(one_in, 8u);
      EXPECT_LE(one_in, 512u);
    }
    hostile += any;
  }
  EXPECT_TRUE(steps.contains(5) && steps.contains(50) && steps.contains(500) && steps.contains(5'000));
  EXPECT_EQ(*audits.begin(), 1u);
  EXPECT_EQ(*audits.rbegin(), 64u);
  EXPECT_GE(storm_min, 500u);
  EXPECT_LE(storm_max, 6'000u);
  EXPECT_LT(storm_min, 520u);
  EXPECT_GT(storm_max, 5'900u);
  // Most runs have no fault at all, and a kind of fault is on in a quarter of them.
  EXPECT_LT(hostile, runs * 55 / 100);
  EXPECT_GT(hostile, runs * 40 / 100);
  const int kinds = static_cast<int>(std::size(MachineOptions{}.fault_one_in));
  EXPECT_NEAR(faults, runs * kinds / 4, runs / 10);
}

TEST(Swarm, FixedBudgetsChangeNothingElse) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Plan fixed = plan_of(seed);
    fixed.storm_steps = 123;
    fixed.calm_steps = 456;
    MachineOptions drawn = draw_machine(plan_of(seed));
    const MachineOptions options = draw_machine(fixed);
    EXPECT_EQ(options.storm_steps, 123u);
    EXPECT_EQ(options.calm_steps, 456u);
    drawn.storm_steps = 123;
    drawn.calm_steps = 456;
    EXPECT_TRUE(equal(options, drawn));
  }
}

TEST(Swarm, LiftingASafeguardChangesNothingElse) {
  Plan lifted = plan_of(7);
  lifted.lifted = "S3a";
  MachineOptions options = draw_machine(lifted);
  EXPECT_EQ(options.lifted, Safeguard::id_reserved_before_unlock);
  options.lifted.reset();
  EXPECT_TRUE(equal(options, draw_machine(plan_of(7))));
  lifted.lifted = "S1a";
  EXPECT_FALSE(draw_machine(lifted).lifted) << "a patch lifts nothing at run time";
}

TEST(Swarm, PartsOfASeedAreIndependent) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    for (const SeedPart part : {SeedPart::machine, SeedPart::strategy, SeedPart::scene}) {
      seen.insert(seed_of(plan_of(seed), part));
    }
  }
  EXPECT_EQ(seen.size(), 3'000u);
}

TEST(LogUniform, CoversItsRangeAndNothingElse) {
  rt::Rng rng(3);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(log_uniform(rng, 3, 17));
  EXPECT_EQ(*seen.begin(), 3u);
  EXPECT_EQ(*seen.rbegin(), 17u);
  EXPECT_EQ(seen.size(), 15u);
  EXPECT_EQ(log_uniform(rng, 9, 9), 9u);
}

}  // namespace
}  // namespace jitterbug
