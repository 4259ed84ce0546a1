// The verbs as a user meets them, on the real scheduler.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/campaign/token.h"
#include "harness/defect/catalog.h"
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
Json first_finding(const std::string& row, const std::string& stressors) {
  const Ran ran = run_jitterbug(
      {"hunt", "--lift", row, "--stressor", stressors, "--schedules", "20000", "--first", "--quiet", "--json", "-"});
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
  const Ran ran = run_jitterbug({"bench-strategies", "--programs", "account,reorder_100", "--strategies", "walk",
                                 "--schedules", "1000000000"},
                                std::chrono::milliseconds(700));
  EXPECT_EQ(ran.status, 1) << ran.error;
  EXPECT_NE(ran.out.find("interrupted"), std::string::npos) << ran.out;
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
  const Json finding = first_finding("S1a", "callbacks");
  const Ran ran = run_jitterbug({"replay", finding["token"], "--times", "10", "--json", "-"});
  EXPECT_EQ(ran.status, 1) << ran.error;
  EXPECT_EQ(json_of(ran)["digest"], finding["digest"]);
}

TEST(ReplayVerb, WithoutTheVariantItIsImpossible) {
  const std::string alone = scratch_path("jitterbug");
  std::filesystem::copy_file(jitterbug_path(), alone, std::filesystem::copy_options::overwrite_existing);
  Plan plan;
  plan.stressor = "callbacks";
  plan.lifted = "S1a";
  const Ran ran = run_process(alone, {"replay", to_token(plan)});
  EXPECT_EQ(ran.status, 125) << ran.error;
  EXPECT_NE(ran.error.find("jitterbug_S1a"), std::string::npos) << ran.error;
}

TEST(ScoreVerb, CatchesASampleOfTheBank) {
  const Ran ran = run_jitterbug(
      {"score", "--safeguards", "S3a,S1a,S2f", "--schedules", "10000", "--trials", "2", "--quiet", "--json", "-"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
  const Json rows = json_of(ran)["rows"];
  ASSERT_EQ(rows.size(), 3u);
  for (const int i : {0, 1}) {
    const Defect* row = find_defect(rows[i]["safeguard"].get<std::string>());
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(rows[i]["caught"], 2) << row->id;
    EXPECT_TRUE(may_catch(*row, rows[i]["oracle"].get<std::string>())) << rows[i]["oracle"];
    EXPECT_GT(rows[i]["median_schedules"], 0);
  }
  EXPECT_EQ(rows[2]["trials"], 0) << "pending";
}

TEST(ScoreVerb, EveryPatchedRowHasItsVariant) {
  const std::filesystem::path variants = std::filesystem::path(jitterbug_path()).parent_path() / "defect";
  for (const Defect& row : defects()) {
    if (row.kind != DefectKind::patch) continue;
    EXPECT_TRUE(std::filesystem::exists(variants / (std::string("jitterbug_") + row.id))) << row.id;
  }
}

TEST(ListVerb, ListsInBothForms) {
  struct Expected {
    const char* list;
    const char* key;
    const char* entry;
  };
  for (const Expected& e : {Expected{"windows", "id", "1.1"}, Expected{"safeguards", "id", "S3a"},
                            Expected{"stressors", "name", "token_ring"}, Expected{"strategies", "name", "random"},
                            Expected{"oracles", "id", "O1"}}) {
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
