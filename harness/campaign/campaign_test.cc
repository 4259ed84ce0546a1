// Campaigns over toy programs: what is found, and by which token.

#include <gtest/gtest.h>

#include <set>

#include "harness/base/errors.h"
#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/run/token.h"
#include "harness/simulated/runner.h"
#include "harness/toys/hunts.h"

namespace jitterbug {
namespace {

TEST(Hunt, FindsNothingInAGoodProgram) {
  const BatchResult result = run(request_for("toy_good", 500));
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.tally.schedules, 500u);
  EXPECT_EQ(result.tally.failures, 0u);
  EXPECT_GT(result.tally.decisions, 500u);
}

TEST(Hunt, FindsALostUpdate) {
  const BatchResult result = run(request_for("toy_lost", 500));
  ASSERT_FALSE(result.findings.empty());
  const Record& record = result.findings[0].record;
  EXPECT_EQ(number_of(record.failure), "O20");
  EXPECT_EQ(sentence_of(record.failure), "no update is lost");
  EXPECT_TRUE(record.parameters.contains("rounds"));
  EXPECT_GT(result.tally.failures, result.findings.size()) << "runs that fail alike are one finding";
  std::uint64_t counted = 0;
  for (const Finding& finding : result.findings) counted += finding.count;
  EXPECT_EQ(counted, result.tally.failures);
  EXPECT_TRUE(result.tally.entered.has(rt::Window::startm_id_reserve));
  EXPECT_TRUE(result.tally.switched.has(rt::Window::startm_id_reserve));
}

TEST(Hunt, EveryFindingHasItsOwnKey) {
  std::set<std::string> keys;
  const BatchResult result = run(request_for("toy_lost", 500));
  for (const Finding& finding : result.findings)
    EXPECT_TRUE(keys.insert(finding_key(finding.record, AtWindows::told_apart)).second);
}

TEST(Hunt, TheTokenOfAFindingStandsAlone) {
  const BatchResult result = run(request_for("toy_lost", 500));
  ASSERT_FALSE(result.findings.empty());
  for (const Finding& finding : result.findings) {
    const ParsedToken parsed = parse_token(to_token(finding.plan));
    ASSERT_TRUE(parsed.plan);
    const Replay again = replay({*parsed.plan, 1, 0}, nullptr);
    EXPECT_EQ(number_of(again.record.failure), number_of(finding.record.failure));
    EXPECT_EQ(again.record.digest, finding.record.digest);
    EXPECT_EQ(again.record.last_windows, finding.record.last_windows);
  }
}

TEST(Hunt, JobsFindWhatOneFinds) {
  HuntRequest request = request_for("toy_lost", 400);
  const BatchResult alone = run(request);
  request.jobs = 3;
  const BatchResult together = run(request);
  EXPECT_EQ(together.tally.schedules, alone.tally.schedules);
  EXPECT_EQ(together.tally.decisions, alone.tally.decisions);
  EXPECT_EQ(together.tally.failures, alone.tally.failures);
  EXPECT_EQ(together.tally.classes.runs, 400u);
  EXPECT_EQ(together.tally.classes.classes, alone.tally.classes.classes);
  EXPECT_EQ(together.tally.classes.singletons, alone.tally.classes.singletons);
  ASSERT_EQ(together.findings.size(), alone.findings.size());
  for (std::size_t i = 0; i < alone.findings.size(); ++i) {
    EXPECT_EQ(together.findings[i].record, alone.findings[i].record);
    EXPECT_EQ(together.findings[i].count, alone.findings[i].count);
  }
}

TEST(Hunt, MoreJobsThanSchedulesDoNoHarm) {
  HuntRequest request = request_for("toy_good", 2);
  request.jobs = 8;
  EXPECT_EQ(run(request).tally.schedules, 2u);
}

TEST(Hunt, TakesStressorsInTurns) {
  HuntRequest request = request_for("toy_good", 4);
  request.workloads = {"toy_good", "toy_lost"};
  std::set<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const Plan plan = hunt_plan(request, i);
    EXPECT_EQ(plan.workload, request.workloads[i % 2]);
    seeds.insert(plan.seed);
  }
  EXPECT_EQ(seeds.size(), 4u);
  request.schedules = 301;
  request.jobs = 2;
  const Tally tally = run(request).tally;
  ASSERT_EQ(tally.workloads.size(), 2u);
  EXPECT_EQ(tally.workloads[0].name, "toy_good");
  EXPECT_EQ(tally.workloads[0].schedules, 151u);
  EXPECT_EQ(tally.workloads[0].failures, 0u);
  EXPECT_EQ(tally.workloads[1].schedules, 150u);
  EXPECT_EQ(tally.workloads[1].failures, tally.failures);
}

TEST(Hunt, StopsAtTheFirstFindingIfAsked) {
  HuntRequest request = request_for("toy_lost", 100'000);
  request.enough = 1;
  const BatchResult result = run(request);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.tally.schedules, result.findings[0].record.index + 1);
}

TEST(Hunt, EndsWhenItsTimeIsUp) {
  HuntRequest request = request_for("toy_good", 0);
  request.schedules.reset();
  request.seconds = 0.2;
  const BatchResult result = run(request);
  EXPECT_GT(result.tally.schedules, 0u);
  EXPECT_LT(result.tally.seconds, 5.0);
}

TEST(Hunt, ACrashIsAFindingAndTheHuntGoesOn) {
  const BatchResult result = run(request_for("toy_crash", 200));
  ASSERT_EQ(result.findings.size(), 1u);
  const Finding& crash = result.findings[0];
  EXPECT_EQ(result.tally.schedules, 200u);
  EXPECT_GT(crash.count, 5u);
  EXPECT_LT(crash.count, 80u);
  EXPECT_TRUE(crash.record.crashed);
  EXPECT_EQ(number_of(crash.record.failure), "O12");
  const Replay again = replay({crash.plan, 3, 0}, nullptr);
  EXPECT_TRUE(again.record.crashed);
  EXPECT_TRUE(again.identical);
  EXPECT_EQ(again.times, 3u);
}

TEST(Hunt, CrashesInSeveralWorkersAreCountedOnce) {
  HuntRequest request = request_for("toy_crash", 200);
  const BatchResult alone = run(request);
  request.jobs = 4;
  const BatchResult together = run(request);
  ASSERT_EQ(together.findings.size(), 1u);
  EXPECT_EQ(together.tally.schedules, 200u);
  EXPECT_EQ(together.findings[0].count, alone.findings[0].count);
  EXPECT_EQ(together.findings[0].record.index, alone.findings[0].record.index);
}

TEST(Replay, HundredRunsAreIdentical) {
  const BatchResult found = run(request_for("toy_lost", 500));
  ASSERT_FALSE(found.findings.empty());
  const Replay again = replay({found.findings[0].plan, 100, 10}, nullptr);
  EXPECT_EQ(again.times, 100u);
  EXPECT_TRUE(again.identical);
  EXPECT_EQ(again.record.digest, found.findings[0].record.digest) << "a trace changes nothing";
  EXPECT_EQ(again.record.trace.size(), 10u);
}

TEST(CheckPlan, NamesWhatDoesNotExist) {
  Plan plan;
  plan.workload = "toy_good";
  EXPECT_NO_THROW(check_plan(plan));
  plan.strategy = "clairvoyant";
  EXPECT_THROW(check_plan(plan), UsageError);
  plan.strategy = "random";
  plan.lifted = "S9z";
  EXPECT_THROW(check_plan(plan), UsageError);
  plan.lifted = "S2f";
  EXPECT_THROW(check_plan(plan), UsageError) << "pending";
  plan.lifted = "S1a";
  EXPECT_THROW(check_plan(plan), ImpossibleError) << "a patch, and this binary has none";
  plan.lifted = "";
  plan.flavour = "instrumented";
  EXPECT_THROW(check_plan(plan), ImpossibleError);
  plan.flavour = "simulated";
  plan.workload = "toy_none";
  EXPECT_THROW(check_plan(plan), UsageError);
}

TEST(Record, SurvivesTheWayToTheParent) {
  Record record;
  record.index = ~0ull;
  record.crashed = true;
  record.failure = {OracleId::false_deadlock, "an invariant", "a \"quoted\"\nsentence\twith \x01 control characters"};
  record.detail = std::string("a\0b", 3);
  record.digest = 0xfedcba9876543210u;
  record.decisions = 5;
  record.switches = 6;
  record.safeguard_reached = true;
  record.last_windows = {{"m1", rt::Window::startm_id_reserve}, {"sysmon", rt::Window::nextp_before_wake}};
  record.parameters = {{"P", -1}};
  record.trace = {"one", "two"};
  const std::string line = write_record(record);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(read_record(line), record);
  EXPECT_THROW(read_record("{}"), ToolError);
  EXPECT_THROW(read_record("nonsense"), ToolError);
}

TEST(Record, BytesThatAreNoTextDoNotBreakTheLine) {
  Record record;
  record.detail = "\xff\xfe broken";
  EXPECT_NO_THROW(read_record(write_record(record)));
}

Record failing(OracleId oracle, const char* invariant, const char* sentence) {
  Record record;
  record.failure = {oracle, invariant, sentence};
  return record;
}

TEST(FindingKey, IsTheOracleAndTheInvariant) {
  const Record a = failing(OracleId::work_conservation, "nobody waits", "G12 waits beside P3");
  for (const AtWindows windows : {AtWindows::told_apart, AtWindows::alike}) {
    const auto key = [&](const Record& record) { return finding_key(record, windows); };
    EXPECT_EQ(key(a), key(failing(OracleId::work_conservation, "nobody waits", "G7 waits beside P10")));
    EXPECT_NE(key(a), key(failing(OracleId::work_conservation, "all wait", "G12 waits beside P3")));
    EXPECT_NE(key(a), key(failing(OracleId::progress, "nobody waits", "G12 waits beside P3")));
  }
}

TEST(FindingKey, TellsWindowsApartIfItIsToldTo) {
  const Record a = failing(OracleId::progress, "it ends", "it does not");
  Record b = a;
  b.last_windows = {{"m", rt::Window::startm_id_reserve}};
  EXPECT_NE(finding_key(a, AtWindows::told_apart), finding_key(b, AtWindows::told_apart));
  EXPECT_EQ(finding_key(a, AtWindows::alike), finding_key(b, AtWindows::alike));
}

}  // namespace
}  // namespace jitterbug
