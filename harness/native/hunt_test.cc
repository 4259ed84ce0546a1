#include "harness/native/hunt.h"

#include <gtest/gtest.h>

#include "harness/base/errors.h"
#include "harness/native/command_line.h"
#include "harness/native/report.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

NativeHunt small_hunt() {
  NativeHunt hunt;
  hunt.workloads = {"wake_storm", "spawn_tree"};
  hunt.schedules = 10;
  hunt.jobs = 2;
  return hunt;
}

TEST(NativeHunt, RunsWhatItIsAskedTo) {
  const NativeHuntResult result = hunt_natively(small_hunt(), {});
  EXPECT_EQ(result.tally.schedules, 10u);
  EXPECT_EQ(result.tally.failures, 0u);
  EXPECT_GT(result.tally.holds, 0u);
  EXPECT_TRUE(result.tally.entered[static_cast<std::size_t>(rt::Window::stopm_list_before_sleep)]);
  EXPECT_TRUE(result.ended);
}

TEST(NativeHunt, WithoutNoiseNobodyIsHeld) {
  NativeHunt hunt = small_hunt();
  hunt.noise = "none";
  EXPECT_EQ(hunt_natively(hunt, {}).tally.holds, 0u);
}

// The spinner count leaks with each wake that finds no P: no timing is needed.
TEST(NativeHunt, FindsALiftedSafeguardAndItsTokenSaysSo) {
  NativeHunt hunt = small_hunt();
  hunt.lifted = "S4m";
  hunt.schedules = 500;
  hunt.enough = 1;
  hunt.hang_seconds = 5;
  int announced = 0;
  NativeHuntWatch watch;
  watch.found = [&](const Finding&) { ++announced; };
  const NativeHuntResult result = hunt_natively(hunt, watch);
  ASSERT_GE(result.findings.size(), 1u);
  EXPECT_GE(announced, 1);
  const ParsedToken token = parse_token(to_token(result.findings.front().plan));
  ASSERT_TRUE(token.plan) << token.error.message;
  EXPECT_EQ(*token.plan, result.findings.front().plan);
  EXPECT_EQ(token.plan->lifted, "S4m");
  EXPECT_FALSE(result.findings.front().record.trace.empty());
  EXPECT_NE(native_finding_text(result.findings.front()).find("operations before the end:\n"), std::string::npos);
}

TEST(NativeHunt, ATokenCarriesAnyPolicy) {
  Plan plan = native_plan(small_hunt(), 3);
  plan.noise = "startm*=sleep:50us..1ms@10%,windows=yield@1/3,budget=20ms";
  const ParsedToken token = parse_token(to_token(plan));
  ASSERT_TRUE(token.plan) << token.error.message;
  EXPECT_EQ(*token.plan, plan);
}

TEST(NativeHunt, ReplaysAPlanAsOftenAsAsked) {
  const NativeHuntResult result = replay_natively({.plan = native_plan(small_hunt(), 3), .times = 5}, {});
  EXPECT_EQ(result.tally.schedules, 5u);
  EXPECT_EQ(result.tally.failures, 0u);
}

std::string complaint_about(std::vector<std::string> words) {
  words.insert(words.begin(), "jitterbug_native");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  try {
    parse_native_command_line(static_cast<int>(argv.size()), argv.data());
  } catch (const UsageError& e) {
    return e.what();
  }
  return "";
}

TEST(NativeCommandLine, SaysWhatIsWrong) {
  EXPECT_EQ(complaint_about({"hunt"}), "");
  EXPECT_EQ(complaint_about({"run"}), "no verb 'run': hunt, score, replay or list");
  EXPECT_EQ(complaint_about({"hunt", "--for", "long"}),
            "--for 'long': is not a duration such as 30s, 500ms, 10m or 8h");
  EXPECT_EQ(complaint_about({"hunt", "--stressor", "x"}),
            "--stressor 'x': unknown workload; see jitterbug list workloads");
  EXPECT_EQ(complaint_about({"hunt", "--noise", "windows=doze"}),
            "noise 'windows=doze': 'doze' is not none, yield, spin:TURNS or sleep:TIME");
  EXPECT_EQ(complaint_about({"replay", "jb1:x"}),
            "token, column 6: the token is cut off: it has no stressor and strategy");
  const std::string token = to_token(native_plan(small_hunt(), 3));
  EXPECT_EQ(complaint_about({"replay", token}), "");
  EXPECT_EQ(complaint_about({"replay", token, "--trace", ""}), "--trace '': names no file");
  EXPECT_EQ(complaint_about({"score", "--safeguards", "S99"}), "--safeguards 'S99': unknown safeguard");
}

TEST(NativeHunt, PlansOfTheSimulationAreRefused) {
  Plan plan = native_plan(small_hunt(), 0);
  plan.flavour = "simulated";
  EXPECT_THROW(check_native_plan(plan), ImpossibleError);
  plan.flavour = native_flavour;
  plan.lifted = "S5a";  // a patch
  EXPECT_THROW(check_native_plan(plan), ImpossibleError);
}

TEST(NativeScore, GainsAreRatios) {
  NativeRowScore row;
  row.quiet = {.schedules = 100, .failures = 2};
  row.noisy = {.schedules = 50, .failures = 10};
  EXPECT_DOUBLE_EQ(row.gain(), 10);
  row.quiet = {.schedules = 100, .failures = 0};  // as if one in 200
  EXPECT_DOUBLE_EQ(row.gain(), 40);
}

TEST(NativeScore, TheMedianLeavesOutWhatNeedsNoNoise) {
  NativeScoreResult result;
  const auto add = [&](std::uint64_t quiet, std::uint64_t noisy) {
    NativeRowScore& row = result.rows.emplace_back();
    row.quiet = {.schedules = 100, .failures = quiet};
    row.noisy = {.schedules = 100, .failures = noisy};
  };
  EXPECT_DOUBLE_EQ(result.median_gain(), 0);
  add(90, 90);
  add(0, 0);
  EXPECT_DOUBLE_EQ(result.median_gain(), 0);
  add(10, 20);
  add(1, 8);
  EXPECT_DOUBLE_EQ(result.median_gain(), 5);
}

}  // namespace
}  // namespace jitterbug
