// What is left behind of a finding, and in which order, on toys.

#include "harness/test_outputs/keep_finding.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "harness/minimize/replay_schedule.h"
#include "harness/run/token.h"
#include "harness/schedule/schedule_file.h"
#include "harness/test_outputs/outputs.h"
#include "harness/tool/run_process.h"
#include "harness/toys/hunts.h"

namespace jitterbug {
namespace {

namespace fs = std::filesystem;

class KeepFinding : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    leave_in(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static void leave_in(const std::string& folder) { setenv("TEST_UNDECLARED_OUTPUTS_DIR", folder.c_str(), 1); }
  static Finding finding_of(const std::string& toy) {
    HuntRequest request = request_for(toy, 1'000);
    request.enough = 1;
    return run(request).findings.at(0);
  }
  std::string left(const Plan& plan, const std::string& ending) const {
    return read_file(folder_ + "/" + output_name(plan) + ending);
  }

  const std::string folder_ = scratch_path("outputs");
};

TEST_F(KeepFinding, TokenTraceAndInterleaving) {
  const Finding finding = finding_of("toy_lost");
  keep_finding(finding);
  const std::string token = left(finding.plan, ".token");
  EXPECT_EQ(token, to_token(finding.plan) + "\n");
  const std::string trace = left(finding.plan, ".trace");
  EXPECT_TRUE(trace.starts_with(token)) << trace;
  EXPECT_NE(trace.find("startm_id_reserve (1.1)"), std::string::npos) << trace;
  EXPECT_TRUE(trace.ends_with("assertion (O20): no update is lost\n")) << trace;
  const std::string lanes = left(finding.plan, ".interleaving");
  EXPECT_NE(lanes.find("external#1              external#2\n"), std::string::npos) << lanes;
  EXPECT_NE(lanes.find("the other way round the run passes."), std::string::npos) << lanes;
}

TEST_F(KeepFinding, TheScheduleFailsAgain) {
  const Finding finding = finding_of("toy_lost");
  keep_finding(finding);
  const ScheduleFile file = read_schedule_file(folder_ + "/" + output_name(finding.plan) + ".schedule");
  const Replay again = replay_schedule({.plan = file.plan}, file.schedule).replay;
  EXPECT_EQ(number_of(again.record.failure), "O20");
}

TEST_F(KeepFinding, ARunThatTakesItsProcessDown) {
  const Finding finding = finding_of("toy_crash");
  ASSERT_TRUE(finding.record.crashed);
  keep_finding(finding);
  EXPECT_EQ(left(finding.plan, ".token"), to_token(finding.plan) + "\n");
  EXPECT_NE(left(finding.plan, ".trace").find("(no trace: the process "), std::string::npos);
  EXPECT_NE(left(finding.plan, ".interleaving").find("fails: crash (O12): the process "), std::string::npos)
      << left(finding.plan, ".interleaving");
}

// What follows may take long, or the whole test down.
TEST_F(KeepFinding, TheTokenComesFirst) {
  Finding finding = finding_of("toy_lost");
  finding.plan.workload = "toy_that_is_gone";
  EXPECT_NONFATAL_FAILURE(keep_finding(finding), "unknown workload 'toy_that_is_gone'");
  EXPECT_EQ(left(finding.plan, ".token"), to_token(finding.plan) + "\n");
}

TEST_F(KeepFinding, AFolderThatIsGoneIsAFailureAndNoMore) {
  leave_in(folder_ + "/gone");
  EXPECT_NONFATAL_FAILURE(keep_output("a", "text"), "/gone/a': No such file or directory");
}

TEST_F(KeepFinding, WithoutAFolderNothingIsKept) {
  leave_in("");
  keep_finding(finding_of("toy_lost"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace jitterbug
