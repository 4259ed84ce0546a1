// What may become of worker processes, and that none of it is the campaign's end.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "harness/base/ending.h"
#include "harness/base/errors.h"
#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/campaign/run_report.h"
#include "harness/run/token.h"
#include "harness/sim/sanitizer.h"
#include "harness/toys/hunts.h"

namespace jitterbug {
namespace {

// The one way to fail of a hunt over a toy that harms its process in a few schedules.
Finding one_casualty(const std::string& workload) {
  HuntRequest request = request_for(workload, 100);
  request.jobs = 2;
  const BatchResult result = run(request);
  EXPECT_EQ(result.tally.schedules, 100u);
  EXPECT_EQ(result.findings.size(), 1u);
  if (result.findings.empty()) return {};
  const Finding& finding = result.findings[0];
  EXPECT_EQ(finding.count, result.tally.failures);
  EXPECT_GT(finding.count, 2u);
  EXPECT_LT(finding.count, 40u);
  EXPECT_TRUE(finding.record.crashed);
  EXPECT_EQ(number_of(finding.record.failure), "O12");
  const Replay again = replay({*parse_token(to_token(finding.plan)).plan, 2, 0}, nullptr);
  EXPECT_TRUE(again.record.crashed);
  EXPECT_TRUE(again.identical);
  EXPECT_EQ(sentence_of(again.record.failure), sentence_of(finding.record.failure));
  return finding;
}

void expect_says(const Finding& finding, const std::string& what) {
  EXPECT_NE(sentence_of(finding.record.failure).find(what), std::string::npos) << sentence_of(finding.record.failure);
}

TEST(Casualty, AnAbortShowsWhatWasPrintedLast) {
  const Finding finding = one_casualty("toy_abort");
  expect_says(finding, "SIGABRT");
  EXPECT_EQ(finding.record.detail, "toy: these are my last words\n");
}

TEST(Casualty, AnExitNamesItsStatus) { expect_says(one_casualty("toy_exit"), "exited with status 7"); }

TEST(Casualty, OutputWithoutEndIsCutOff) {
  const Finding finding = one_casualty("toy_chatty");
  expect_says(finding, "printed without end");
  EXPECT_NE(finding.record.detail.find("xxx"), std::string::npos);
  EXPECT_LE(finding.record.detail.size(), output_shown);
}

TEST(Casualty, AStackOverflowIsCalledByItsName) {
  expect_says(one_casualty("toy_overflow"), sanitized ? "stack-overflow" : "stack overflow: the process");
}

TEST(Casualty, ACrashIsNoStackOverflow) {
  if (!sanitized) expect_says(one_casualty("toy_crash"), "the process was ended by SIGSEGV in a run");
  if (sanitized) expect_says(one_casualty("toy_crash"), "AddressSanitizer: SEGV");
}

TEST(Casualty, WantOfMemoryIsCalledByItsName) {
  expect_says(one_casualty("toy_memory"), sanitized ? "AddressSanitizer" : "out of memory: the process");
}

// Nothing tells it from a run that somebody kills each time.
TEST(Casualty, ARunThatIsKilledAgainAndAgainIsLeftOut) {
  HuntRequest request = request_for("toy_killed", 100);
  request.jobs = 2;
  const BatchResult result = run(request);
  EXPECT_TRUE(result.findings.empty());
  EXPECT_GT(result.left_out, 2u);
  EXPECT_EQ(result.tally.schedules, 100 - result.left_out);
}

TEST(Casualty, NonsenseFromAWorkerDoesNotEndTheHunt) {
  HuntRequest request = request_for("toy_babble", 100);
  const BatchResult result = run(request);
  EXPECT_EQ(result.tally.schedules, 100u);
  ASSERT_EQ(result.findings.size(), 1u);
  expect_says(result.findings[0], "sent nonsense to the harness");
}

TEST(Pool, WorkersThatCannotRunAnythingEndTheBatch) {
  const HuntRequest request = request_for("toy_good", 8);
  Batch batch;
  batch.schedules = 8;
  const pid_t parent = getpid();
  batch.plan_of = [&](std::uint64_t index) {
    if (getpid() != parent) _exit(9);
    return hunt_plan(request, index);
  };
  try {
    run_batch(batch, nullptr);
    FAIL() << "nobody has run anything";
  } catch (const ToolError& error) {
    EXPECT_NE(std::string(error.what()).find("exited with status 9"), std::string::npos) << error.what();
  }
}

// The worker processes of this one.
std::vector<pid_t> workers() {
  std::ifstream list("/proc/self/task/" + std::to_string(getpid()) + "/children");
  return {std::istream_iterator<pid_t>(list), {}};
}

TEST(Pool, AWorkerThatIsKilledFromOutsideIsReplaced) {
  HuntRequest request = request_for("toy_lost", 10'000);
  request.jobs = 2;
  const BatchResult alone = run(request);
  int kills = 0;
  const BatchResult together = hunt(request, [&](const Tally& tally) {
    const std::vector<pid_t> pids = workers();
    if (kills == 0 && tally.schedules > 100 && !pids.empty() && kill(pids.front(), SIGKILL) == 0) ++kills;
  });
  EXPECT_EQ(kills, 1);
  EXPECT_EQ(together.tally.schedules, alone.tally.schedules);
  EXPECT_EQ(together.tally.failures, alone.tally.failures);
  ASSERT_EQ(together.findings.size(), alone.findings.size());
  for (std::size_t i = 0; i < alone.findings.size(); ++i) {
    EXPECT_EQ(together.findings[i].record, alone.findings[i].record);
    EXPECT_EQ(together.findings[i].count, alone.findings[i].count);
  }
}

// A terminal, a shell or a CI signals a whole group of processes; somebody may mean a worker.
TEST(Pool, NoSignalFromOutsideIsAFinding) {
  HuntRequest request = request_for("toy_lost", 20'000);
  request.jobs = 2;
  const BatchResult alone = run(request);
  const int signals[] = {SIGTERM, SIGINT,  SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGPROF,
                         SIGABRT, SIGSEGV, SIGBUS, SIGFPE,  SIGILL,  SIGTRAP, SIGSYS,  SIGKILL};
  std::size_t sent = 0;
  const BatchResult together = hunt(request, [&](const Tally&) {
    // A sanitizer's own handlers know no sender.
    if (sanitized && sent == 8) return;
    const std::vector<pid_t> pids = workers();
    if (sent == std::size(signals) || pids.empty()) return;
    if (kill(pids[sent % pids.size()], signals[sent]) == 0) ++sent;
  });
  EXPECT_GT(sent, 4u);
  EXPECT_EQ(together.tally.schedules, alone.tally.schedules);
  EXPECT_EQ(together.tally.failures, alone.tally.failures);
  EXPECT_EQ(together.left_out, 0u);
  ASSERT_EQ(together.findings.size(), alone.findings.size());
  for (const Finding& finding : together.findings)
    EXPECT_FALSE(finding.record.crashed) << sentence_of(finding.record.failure);
}

TEST(Pool, EveryFindingIsToldWhenItIsMet) {
  std::set<std::string> found;
  std::size_t saved = 0;
  const BatchResult result = hunt(
      request_for("toy_lost", 500), nullptr,
      [&](const Finding& finding) {
        EXPECT_TRUE(found.insert(finding_key(finding.record, AtWindows::told_apart)).second);
        EXPECT_EQ(finding.plan.workload, "toy_lost");
      },
      [&](const BatchResult& so_far) {
        EXPECT_FALSE(so_far.ended);
        EXPECT_EQ(so_far.findings.size(), found.size());
        EXPECT_GT(so_far.findings.size(), saved);
        saved = so_far.findings.size();
      });
  EXPECT_TRUE(result.ended);
  EXPECT_EQ(found.size(), result.findings.size());
  EXPECT_EQ(saved, found.size());
}

TEST(Pool, AHangIsAFindingAndTheBatchGoesOn) {
  const HuntRequest request = request_for("toy_hang", 8);
  Batch batch;
  batch.schedules = 8;
  batch.hang_seconds = 0.3;
  batch.plan_of = [&](std::uint64_t index) { return hunt_plan(request, index); };
  const BatchResult result = run_batch(batch, nullptr);
  EXPECT_EQ(result.tally.schedules, 8u);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(number_of(result.findings[0].record.failure), "O12");
  EXPECT_NE(sentence_of(result.findings[0].record.failure).find("loops without a step"), std::string::npos);
}

TEST(RunReport, IsARecordOrANumber) {
  using enum RunReport::Kind;
  const std::vector<std::string> keys = {"first", "second"};
  Record of_run;
  of_run.index = 7;
  const std::string text = write_record(of_run);
  EXPECT_EQ(read_run_report('r', text, keys)->record, of_run);
  EXPECT_EQ(read_run_report('r', text, keys)->kind, record);
  const auto again_report = read_run_report('a', "1 18446744073709551615", keys);
  EXPECT_EQ(again_report->kind, again);
  EXPECT_EQ(again_report->key, "second");
  EXPECT_EQ(again_report->record.index, ~0ull);
  EXPECT_EQ(read_run_report('c', "9", keys)->kind, counted);
  EXPECT_EQ(read_run_report('c', "9", keys)->record.index, 9u);
  EXPECT_EQ(read_run_report('!', "no", keys)->why, "no");
  for (const char* nonsense : {"", "1", "2 5", "x 5", "x"}) {
    EXPECT_FALSE(read_run_report('a', nonsense, keys)) << nonsense;
  }
  EXPECT_FALSE(read_run_report('c', "x", keys));
  EXPECT_FALSE(read_run_report('r', "{}", keys));
  EXPECT_FALSE(read_run_report('n', text, keys));
}

}  // namespace
}  // namespace jitterbug
