// The verbs as a user meets them, on the real scheduler.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/defect/catalog.h"
#include "harness/run/token.h"
#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

Json json_of(const Ran& ran) {
  const Json json = Json::parse(ran.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << ran.out << ran.error;
  return json;
}

// The first finding with a row lifted.
Json first_finding(const std::string& row, const std::string& workloads) {
  const Ran ran = run_jitterbug(
      {"hunt", "--lift", row, "--stressor", workloads, "--schedules", "20000", "--first", "--quiet", "--json", "-"});
  EXPECT_EQ(ran.status, 1) << ran.error;
  const Json json = json_of(ran);
  EXPECT_EQ(json["findings"].size(), 1u);
  return json["findings"].empty() ? Json() : json["findings"][0];
}

TEST(HuntVerb, FindsNothingInTheShippedScheduler) {
  const Ran ran = run_jitterbug({"hunt", "--schedules", "900", "--jobs", "2", "--json", "-"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
  const Json json = json_of(ran);
  EXPECT_EQ(json["schedules"], 900);
  EXPECT_TRUE(json["findings"].empty());
  EXPECT_GT(json["windows"]["entered"], 50);
}

TEST(HuntVerb, SameSeedSameHunt) {
  const std::vector<std::string> hunt = {"hunt", "--schedules", "90", "--seed", "0xfeed", "--json", "-"};
  const Json first = json_of(run_jitterbug(hunt)), second = json_of(run_jitterbug(hunt));
  EXPECT_EQ(first["decisions"], second["decisions"]);
  EXPECT_EQ(first["windows"], second["windows"]);
}

TEST(HuntVerb, EndsWithASummaryWhenInterrupted) {
  const Ran ran = run_jitterbug({"hunt", "--for", "10m"}, std::chrono::milliseconds(700));
  EXPECT_TRUE(ran.status == 0 || ran.status == 1) << ran.status;
  EXPECT_NE(ran.out.find("interrupted"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("schedules/s"), std::string::npos) << ran.out;
}

TEST(BenchStrategiesVerb, CountsSchedulesToTheFirstBug) {
  const Ran ran = run_jitterbug({"bench-strategies", "--programs", "account,stack", "--strategies", "walk", "--trials",
                                 "5", "--jobs", "2", "--json", "-"});
  EXPECT_EQ(ran.status, 0) << ran.error;
  const Json json = json_of(ran);
  ASSERT_EQ(json["programs"].size(), 2u);
  EXPECT_EQ(json["programs"][0]["program"], "account");
  EXPECT_EQ(json["programs"][0]["strategies"][0]["found"], 5);
}

TEST(BenchStrategiesVerb, EndsWithWhatItHasWhenInterrupted) {
  const Ran ran = run_jitterbug(
      {"bench-strategies", "--programs", "account,reorder_100", "--strategies", "walk", "--schedules", "1000000000"},
      std::chrono::milliseconds(700));
  EXPECT_EQ(ran.status, 1) << ran.error;
  EXPECT_NE(ran.out.find("interrupted"), std::string::npos) << ran.out;
}

// A hunt that finds something at once and would go on for long.
const std::vector<std::string> failing_hunt = {"hunt",  "--lift", "S4h",     "--stressor", "wake_storm",
                                               "--for", "10m",    "--quiet", "--jobs",     "2"};

TEST(HuntVerb, EndsWithWhatItHasFoundWhenInterrupted) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Process hunt(jitterbug_path(), failing_hunt);
    ASSERT_TRUE(hunt.prints("found "));
    hunt.send(signal);
    const Ran ran = hunt.wait();
    EXPECT_EQ(ran.status, 1) << ran.error;
    EXPECT_NE(ran.out.find("\nFINDING "), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("interrupted; so far:"), std::string::npos) << ran.out;
  }
}

std::string any_token() {
  Plan plan;
  plan.workload = "wake_storm";
  return to_token(plan);
}

// What would go on for very long, in every verb that takes time.
const std::vector<std::vector<std::string>> long_requests = {
    {"hunt", "--for", "10m", "--jobs", "2"},
    {"hunt", "--flavour", "native", "--for", "10m", "--jobs", "2"},
    {"coverage", "--for", "10m"},
    {"score", "--safeguards", "S3a", "--trials", "1000000000"},
    {"replay", any_token(), "--times", "1000000000"},
    {"perform", "take_from_an_empty_list", "--times", "1000000000"},
    {"perform", "take_from_an_empty_list", "--flavour", "native", "--times", "1000000000"},
    {"bench-strategies", "--programs", "reorder_100", "--strategies", "walk", "--schedules", "1000000000"},
};

// `timeout` and every CI send their signal to the whole group.
TEST(EveryVerb, TakesASignalToItsGroupForNoFinding) {
  for (const std::vector<std::string>& request : long_requests) {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
      SCOPED_TRACE(request[0] + " " + request[1] + ", signal " + std::to_string(signal));
      Process tool(jitterbug_path(), request);
      ASSERT_TRUE(tool.has_children());
      tool.send_to_group(signal);
      const Ran ran = tool.wait();
      // It may have come before the tool had begun, or before there was anything to sum up.
      const bool at_once = ran.status == 128 + signal || ran.error.find("interrupted") != std::string::npos;
      EXPECT_TRUE(ran.status < 2 || at_once) << ran.status << ran.error;
      EXPECT_EQ(ran.out.find("FINDING"), std::string::npos) << ran.out;
      EXPECT_EQ(("\n" + ran.out).find("\nfound "), std::string::npos) << ran.out;
    }
  }
}

// The token of the first line that announces a finding, empty: none does.
std::string announced_token(const std::string& out) {
  const std::size_t line = out.find("found ");
  const std::size_t token = out.find("jb1:", line);
  return token == std::string::npos ? "" : out.substr(token, out.find('\n', token) - token);
}

TEST(HuntVerb, LosesNothingWhenItIsKilled) {
  const std::string path = scratch_path("killed.json");
  std::vector<std::string> arguments = failing_hunt;
  arguments.insert(arguments.end(), {"--json", path});
  Process hunt(jitterbug_path(), arguments);
  ASSERT_TRUE(hunt.prints("found "));
  ASSERT_TRUE(file_appears(path));
  const std::vector<pid_t> workers = hunt.children();
  EXPECT_FALSE(workers.empty());
  hunt.send(SIGKILL);
  const Ran ran = hunt.wait();
  EXPECT_EQ(ran.status, 128 + SIGKILL);
  for (const pid_t worker : workers) EXPECT_TRUE(ends(worker)) << "a worker outlives the hunt";
  const Json json = Json::parse(read_file(path), nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["ended"], false);
  ASSERT_FALSE(json["findings"].empty());
  EXPECT_EQ(run_jitterbug({"replay", announced_token(ran.out)}).status, 1) << ran.out;
  EXPECT_EQ(run_jitterbug({"replay", json["findings"][0]["token"]}).status, 1);
}

TEST(HuntVerb, AnnouncesBesideAReportOnStandardOutput) {
  const Ran ran = run_jitterbug({"hunt", "--lift", "S4h", "--stressor", "wake_storm", "--first", "--json", "-"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(json_of(ran)["ended"], true);
  EXPECT_EQ(json_of(ran)["findings"][0]["token"], announced_token(ran.error));
}

TEST(HuntVerb, SaysWhatItsSilenceIsWorth) {
  const Ran text = run_jitterbug({"hunt", "--schedules", "150", "--stressor", "token_ring,wake_storm"});
  EXPECT_NE(text.out.find("Good-Turing"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("p < 0.02 per schedule, p < 0.039 per schedule of stressor token_ring"), std::string::npos)
      << text.out;
  const Json json = json_of(run_jitterbug(
      {"hunt", "--schedules", "150", "--stressor", "token_ring,wake_storm", "--json", "-"}))["statistics"];
  EXPECT_NEAR(json["defect_bound"], 0.0197735, 1e-6) << "1 - 0.05^(1/150)";
  ASSERT_EQ(json["stressors"].size(), 2u);
  EXPECT_EQ(json["stressors"][1]["schedules"], 75);
  EXPECT_NEAR(json["stressors"][1]["defect_bound"], 0.0391560, 1e-6) << "1 - 0.05^(1/75)";
  EXPECT_EQ(json["classified"], 150);
  EXPECT_DOUBLE_EQ(json["unseen_mass"], std::min(1.0, json["singletons"].get<double>() / 150));
}

TEST(CoverageVerb, TellsTheLevelsOfEachWindow) {
  const Ran text = run_jitterbug({"coverage", "--schedules", "150", "--jobs", "2"});
  EXPECT_EQ(text.status, 0) << text.out << text.error;
  EXPECT_NE(text.out.find("in both orders"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("150 schedules of"), std::string::npos) << text.out;
  const Json json = json_of(run_jitterbug({"coverage", "--schedules", "150", "--jobs", "2", "--json", "-"}));
  const Json known = json_of(run_jitterbug({"list", "windows", "--json"}))["windows"];
  const Json& windows = json["windows"];
  ASSERT_EQ(windows.size(), known.size());
  int levels[4] = {};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    EXPECT_EQ(windows[i]["id"], known[i]["id"]);
    int level = 0;
    for (const char* key : {"entered", "switched", "conflicted", "both_orders"}) {
      levels[level++] += windows[i][key].get<bool>() ? 1 : 0;
    }
    EXPECT_GE(windows[i]["entered_in"], windows[i]["switched_in"]);
    EXPECT_GE(windows[i]["switched_in"], windows[i]["conflicted_in"]) << "a conflict needs a switch";
  }
  EXPECT_GT(levels[0], 50);
  EXPECT_GT(levels[1], levels[2]);
  EXPECT_GT(levels[2], 10);
  EXPECT_GT(levels[3], 10);
  EXPECT_FALSE(json["pairs"].empty());
  EXPECT_TRUE(json["findings"].empty());
}

TEST(HuntVerb, WritesItsReportToAFile) {
  const std::string path = scratch_path("report.json");
  const Ran ran = run_jitterbug({"hunt", "--schedules", "9", "--json", path});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_NE(ran.out.find("9 schedules"), std::string::npos);
  EXPECT_EQ(Json::parse(read_file(path))["schedules"], 9);
}

TEST(ReplayVerb, ReproducesAFindingHundredTimes) {
  const Json finding = first_finding("S3a", "syscall_injector");
  const std::string token = finding["token"];
  const std::string trace = scratch_path("trace");
  const Ran ran = run_jitterbug({"replay", token, "--times", "100", "--trace", trace, "--json", "-"});
  EXPECT_EQ(ran.status, 1) << ran.error;
  const Json json = json_of(ran);
  EXPECT_EQ(json["token"], token);
  EXPECT_EQ(json["reproduced"], true);
  EXPECT_EQ(json["identical"], true);
  EXPECT_EQ(json["times"], 100);
  EXPECT_EQ(json["oracle"], finding["oracle"]);
  EXPECT_EQ(json["digest"], finding["digest"]);
  EXPECT_NE(read_file(trace).find("startm_id_reserve"), std::string::npos);
}

TEST(ReplayVerb, PassesWhenTheSafeguardIsUpheld) {
  const std::string token = first_finding("S3a", "syscall_injector")["token"];
  Plan plan = *parse_token(token).plan;
  plan.lifted.clear();
  const Ran ran = run_jitterbug({"replay", to_token(plan)});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_NE(ran.out.find("passed"), std::string::npos) << ran.out;
}

TEST(ReplayVerb, APatchedRowIsReplayedByItsVariant) {
  const std::string misfit = misfit_of("harness/defect/jitterbug_S1a");
  if (!misfit.empty()) GTEST_SKIP() << misfit;
  const Json finding = first_finding("S1a", "callbacks");
  const Ran ran = run_jitterbug({"replay", finding["token"], "--times", "10", "--json", "-"});
  EXPECT_EQ(ran.status, 1) << ran.error;
  EXPECT_EQ(json_of(ran)["digest"], finding["digest"]);
}

// The tool with nothing beside it.
std::string lone_jitterbug() {
  const std::string alone = scratch_path("jitterbug");
  std::filesystem::copy_file(jitterbug_path(), alone, std::filesystem::copy_options::overwrite_existing);
  return alone;
}

// A program beside it that says that it is a variant, and of what.
void place_variant(const std::string& row, const std::string& misfit, const std::string& scheduler) {
  const std::string path = scratch_path("jitterbug_" + row);
  const Json build = {{"build", {{{"row", row}, {"misfit", misfit}, {"scheduler", scheduler}}}}};
  std::ofstream(path) << "#!/bin/sh\necho '" << build.dump() << "'\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

TEST(ScoreVerb, NamesRowsWhosePatchDoesNotFit) {
  const std::string alone = lone_jitterbug();
  const Json own = json_of(run_process(alone, {"list", "build", "--json"}))["build"][0];
  place_variant("S4b", "the patch of S4b does not apply to wake.cc", own["scheduler"]);
  place_variant("S4c", "", "of yesterday");
  const Ran ran = run_process(alone, {"score", "--safeguards", "S4b,S4c", "--quiet", "--json", "-"});
  EXPECT_EQ(ran.status, 1);
  const Json json = json_of(ran);
  EXPECT_EQ(json["does_not_apply"], Json::array({"S4b", "S4c"}));
  EXPECT_EQ(json["rows"][0]["note"], "the patch of S4b does not apply to wake.cc");
  EXPECT_NE(json["rows"][1]["note"].get<std::string>().find("another state of the scheduler"), std::string::npos);
  for (const std::string row : {"S4b", "S4c"}) {
    const Ran hunt = run_process(alone, {"hunt", "--lift", row, "--stressor", "wake_storm"});
    EXPECT_EQ(hunt.status, 125) << row;
    EXPECT_EQ(std::count(hunt.error.begin(), hunt.error.end(), '\n'), 1) << hunt.error;
  }
}

TEST(ReplayVerb, WithoutTheVariantItIsImpossible) {
  Plan plan;
  plan.workload = "callbacks";
  plan.lifted = "S1a";
  const Ran ran = run_process(lone_jitterbug(), {"replay", to_token(plan)});
  EXPECT_EQ(ran.status, 125) << ran.error;
  EXPECT_NE(ran.error.find("jitterbug_S1a"), std::string::npos) << ran.error;
}

TEST(ScoreVerb, NamesRowsThatAreNotToBeHad) {
  const std::vector<std::string> score = {"score", "--safeguards", "S4h,S4a", "--trials", "1", "--quiet"};
  const Ran text = run_process(lone_jitterbug(), score);
  EXPECT_EQ(text.status, 1) << text.error;
  EXPECT_NE(text.out.find("the patch does not fit the scheduler in the tree: S4a\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("1 of 1 armed row caught in every trial"), std::string::npos) << text.out;
  std::vector<std::string> as_json = score;
  as_json.insert(as_json.end(), {"--json", "-"});
  const Ran ran = run_process(lone_jitterbug(), as_json);
  EXPECT_EQ(ran.status, 1) << ran.error;
  const Json json = json_of(ran);
  EXPECT_EQ(json["does_not_apply"], Json::array({"S4a"}));
  ASSERT_EQ(json["rows"].size(), 2u);
  EXPECT_EQ(json["rows"][0]["caught"], 1);
  EXPECT_NE(json["rows"][1]["note"].get<std::string>().find("jitterbug_S4a"), std::string::npos);
}

TEST(ListVerb, ListsInBothForms) {
  struct Expected {
    const char* list;
    const char* key;
    const char* entry;
  };
  for (const Expected& e : {Expected{"windows", "id", "1.1"}, Expected{"safeguards", "id", "S3a"},
                            Expected{"stressors", "name", "token_ring"}, Expected{"strategies", "name", "random"},
                            Expected{"oracles", "id", "O1"}, Expected{"build", "row", ""}}) {
    const Ran text = run_jitterbug({"list", e.list});
    EXPECT_EQ(text.status, 0) << text.error;
    EXPECT_NE(text.out.find(e.entry), std::string::npos) << text.out;
    const Json json = json_of(run_jitterbug({"list", e.list, "--json"}));
    bool found = false;
    for (const Json& entry : json[e.list]) found = found || entry[e.key] == e.entry;
    EXPECT_TRUE(found) << e.entry;
  }
}

TEST(ListVerb, SaysWhereTheWindowsAre) {
  const Json windows = json_of(run_jitterbug({"list", "windows", "--json"}))["windows"];
  std::size_t placed = 0;
  for (const Json& window : windows) placed += window["where"].get<std::string>().find("runtime/") == 0;
  EXPECT_EQ(placed, windows.size()) << "every window of the vocabulary is somewhere in the scheduler";
}

TEST(Help, IsNoError) {
  const Ran ran = run_jitterbug({"--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("hunt"), std::string::npos);
  EXPECT_EQ(run_jitterbug({"hunt", "--help"}).status, 0);
}

}  // namespace
}  // namespace jitterbug
