// Schedules as a user meets them: minimised from a token, replayed from a file, and
// still of use after somebody has worked on the scheduler.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/text.h"
#include "harness/defect/catalog.h"
#include "harness/run/plan.h"
#include "harness/run/token.h"
#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

std::string edited_path() {
  const char* given = std::getenv("JITTERBUG_EDITED");
  return given != nullptr ? given : "harness/schedule/jitterbug_edited";
}

// The token of a run that fails with a row armed.
std::string token_of(const std::string& row, const std::string& seed) {
  const Defect* defect = find_defect(row);
  const Ran ran = run_jitterbug({"hunt", "--lift", row, "--stressor", defect->workloads, "--first", "--schedules",
                                 "50000", "--seed", seed, "--quiet", "--json", "-"});
  EXPECT_EQ(ran.status, 1) << row << " is not caught\n" << ran.error;
  return ran.status == 1 ? Json::parse(ran.out).at("findings").at(0).at("token").get<std::string>() : "";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string write(const std::string& name, const std::string& text) {
  const std::string path = scratch_path(name);
  std::ofstream(path) << text;
  return path;
}

struct Minimised {
  std::string path;
  Json report;
};

Minimised minimised(const std::string& row, const std::string& token) {
  Minimised m;
  m.path = scratch_path(row + ".schedule");
  const Ran ran = run_jitterbug({"minimize", token, "-o", m.path, "--json", "-", "--quiet"});
  EXPECT_EQ(ran.status, 0) << ran.error;
  m.report = ran.status == 0 ? Json::parse(ran.out) : Json();
  return m;
}

// golang/go#40368, #45867, #59600: the pair stands in a window that the bank lists. A run may
// fail by a long way round: some of the pairs are of that.
TEST(Schedules, ThePairNamesTheWindowOfTheRace) {
  for (const std::string row : {"S3a", "S4f", "S5a"}) {
    if (row == "S5a" && !misfit_of("harness/defect/jitterbug_S5a").empty()) continue;
    const std::vector<std::string> listed = split_list(find_defect(row)->windows);
    int told = 0;
    std::string sentences;
    for (const std::string seed : {"1", "2", "4", "6", "12"}) {
      const Minimised m = minimised(row, token_of(row, seed));
      ASSERT_TRUE(m.report.is_object());
      const Json pair = m.report.at("pair");
      ASSERT_FALSE(pair.is_null()) << row << " seed " << seed;
      const std::vector<std::string> named = pair.at("windows");
      const auto is_named = [&](const std::string& id) {
        return std::find(named.begin(), named.end(), id) != named.end();
      };
      told += std::any_of(listed.begin(), listed.end(), is_named) ? 1 : 0;
      sentences += pair.at("sentence").get<std::string>() + "\n";
    }
    EXPECT_GE(told, 2) << row << ":\n" << sentences;
  }
}

TEST(Schedules, AFixedSchedulerPasses) {
  const Minimised m = minimised("S3a", token_of("S3a", "3"));
  std::vector<std::string> lines = lines_of(read_file(m.path));
  Plan plan = *parse_token(lines.at(1).substr(6)).plan;
  plan.lifted.clear();
  lines[1] = "token " + to_token(plan);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const Ran ran = run_jitterbug({"replay", write("fixed", text), "--quiet"});
  EXPECT_TRUE(ran.status == 0 || ran.status == 125) << ran.out << ran.error;
}

// The scheduler has an operation more, says what it does, and calls things by other names.
TEST(Schedules, SurviveAnEditOfTheScheduler) {
  const std::string misfit = misfit_of(edited_path());
  if (!misfit.empty()) GTEST_SKIP() << misfit;
  for (const std::string seed : {"1", "2", "3", "5"}) {
    const Minimised m = minimised("S3a", token_of("S3a", seed));
    const Ran ran = run_process(edited_path(), {"replay", m.path, "--quiet"});
    EXPECT_EQ(ran.status, 1) << "seed " << seed << "\n" << ran.out << ran.error;
    EXPECT_EQ(ran.out.find("not as recorded"), std::string::npos) << ran.out;
  }
}

TEST(Schedules, TheReplayShowsTheInterleaving) {
  const Minimised m = minimised("S3a", token_of("S3a", "3"));
  const std::string trace = scratch_path("trace");
  const Ran ran = run_jitterbug({"replay", m.path, "--trace", trace, "--quiet"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("sysmon#1"), std::string::npos);
  EXPECT_NE(ran.out.find("startm_id_reserve (1.1) ["), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("reproduced by false_deadlock (O1)"), std::string::npos);
  EXPECT_GT(lines_of(read_file(trace)).size(), 300u);
  const Ran json = run_jitterbug({"replay", m.path, "--json", "-", "--quiet"});
  EXPECT_TRUE(Json::parse(json.out).at("reproduced").get<bool>());
  EXPECT_TRUE(Json::parse(json.out).at("divergence").is_null());
}

TEST(Schedules, AReplayThatDivergesAndPassesSaysWhere) {
  Plan plan;
  plan.workload = "wake_storm";
  plan.storm_steps = 500;
  const std::string path =
      write("diverges", "jitterbug-schedule 1\ntoken " + to_token(plan) + "\nm#2 at startm_id_reserve 999 -> main#0\n");
  const Ran ran = run_jitterbug({"replay", path, "--quiet"});
  EXPECT_EQ(ran.status, 125);
  EXPECT_NE(ran.error.find("choice 1: m#2 did not come to startm_id_reserve a 999th time"), std::string::npos)
      << ran.error;
  EXPECT_NE(ran.out.find("diverged: choice 1"), std::string::npos) << ran.out;
}

TEST(Schedules, WithoutChoicesTheDefaultOrderPasses) {
  Plan plan;
  plan.workload = "wake_storm";
  plan.storm_steps = 500;
  const std::string path = write("empty", "jitterbug-schedule 1\ntoken " + to_token(plan) + "\n");
  EXPECT_EQ(run_jitterbug({"replay", path, "--quiet"}).status, 0);
  const Ran ran = run_jitterbug({"minimize", path, "--quiet"});
  EXPECT_EQ(ran.status, 125);
  EXPECT_NE(ran.error.find("nothing to minimise"), std::string::npos) << ran.error;
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& named) {
  const Ran ran = run_jitterbug(arguments);
  EXPECT_EQ(ran.status, 2) << ran.error;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(std::count(ran.error.begin(), ran.error.end(), '\n'), 1) << ran.error;
  EXPECT_NE(ran.error.find(named), std::string::npos) << ran.error;
}

TEST(Schedules, BadFilesAreRefusedWithTheirLine) {
  Plan plan;
  plan.workload = "wake_storm";
  const std::string open_storm = to_token(plan);
  plan.storm_steps = 500;
  const std::string head = "jitterbug-schedule 1\n# c\ntoken " + to_token(plan) + "\n";
  for (const std::string verb : {"replay", "minimize"}) {
    expect_refused({verb, write("a", "")}, "/a:1: ");
    expect_refused({verb, write("b", "jitterbug-schedule 9\n")}, "/b:1: ");
    expect_refused({verb, write("c", head + "m#2 at nowhere 1 -> m#3\n")}, "/c:4: unknown window 'nowhere'");
    expect_refused({verb, write("d", "jitterbug-schedule 1\ntoken jb1:x\n")}, "/d:2: token, column ");
    expect_refused({verb, write("e", "jitterbug-schedule 1\ntoken " + open_storm + "\n")}, "/e:2: ");
    expect_refused({verb, scratch_path("missing/file")}, "missing/file");
    expect_refused({verb, testing::TempDir()}, "directory");
    expect_refused({verb}, "token");
  }
  const std::string good = write("good", head);
  expect_refused({"minimize", good, "-o", scratch_path("missing/out")}, "missing/out");
  expect_refused({"minimize", good, "-o", ""}, "-o");
}

TEST(Schedules, ARefusedMinimisationLeavesTheOldFileAlone) {
  const std::string old = write("old", "old");
  expect_refused({"minimize", "jb1:nonsense", "-o", old}, "token");
  Plan plan;
  plan.workload = "wake_storm";
  plan.storm_steps = 500;
  const std::string good = write("passes", "jitterbug-schedule 1\ntoken " + to_token(plan) + "\n");
  EXPECT_EQ(run_jitterbug({"minimize", good, "-o", old, "--quiet"}).status, 125);
  EXPECT_EQ(read_file(old), "old");
}

// libFuzzer writes an input as it is: a token, and no end of line.
TEST(InputOfAFuzzer, IsReplayedAsItsToken) {
  Plan plan;
  plan.workload = "wake_storm";
  plan.seed = 0x51;
  const std::string without = to_token(plan);
  plan.edits = {{40, EditKind::hold, 0, 9}, {90, EditKind::run, 1, 6}, {300, EditKind::windows, 7, 0}};
  const std::string token = to_token(plan);
  const auto replay = [](const std::string& what) {
    const Ran ran = run_jitterbug({"replay", what, "--times", "3", "--quiet", "--json", "-"});
    EXPECT_EQ(ran.status, 0) << ran.error;
    return Json::parse(ran.out);
  };
  const Json of_file = replay(write("crash-input", token));
  EXPECT_EQ(of_file["token"], token);
  EXPECT_EQ(of_file["digest"], replay(token)["digest"]);
  EXPECT_NE(of_file["digest"], replay(without)["digest"]);
}

}  // namespace
}  // namespace jitterbug
