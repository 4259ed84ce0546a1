// The stress tests as CI runs them: what they leave behind when the scheduler is broken,
// which seeds they take, and that shards leave out no test.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

// Linked with the scheduler as it is, and with one that has a defect.
constexpr const char* simulated = "stressors/stressors_test_program";
constexpr const char* simulated_broken = "stressors/stressors_test_S4a";
constexpr const char* native = "stressors/native_test_program";
constexpr const char* native_broken = "stressors/native_test_S1a";

// What the caller of this test tells it is not for the tests it runs.
constexpr const char* not_inherited[] = {"GTEST_OUTPUT",        "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE",
                                         "GTEST_TOTAL_SHARDS",  "JITTERBUG_RUNS",    "TEST_PREMATURE_EXIT_FILE",
                                         "TEST_RANDOM_SEED",    "TEST_SHARD_INDEX",  "TEST_TOTAL_SHARDS",
                                         "TESTBRIDGE_TEST_ONLY"};

struct Tested {
  Ran ran;
  std::string xml;
  std::string folder;  // of undeclared outputs

  Words files(const std::string& ending) const {
    Words names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ending) names.push_back(entry.path().stem().string());
    }
    return names;
  }
  std::string file(const std::string& name) const { return read_file(folder + "/" + name); }
};

// Runs a test program as Bazel does, with further variables.
Tested run_test(const std::string& program, const std::string& filter, const Words& variables = {}) {
  static int runs = 0;
  Tested tested;
  tested.folder = scratch_path("outputs" + std::to_string(++runs));
  fs::create_directories(tested.folder);
  const std::string xml = scratch_path("test" + std::to_string(runs) + ".xml");
  Words words;
  for (const char* name : not_inherited) words.insert(words.end(), {"-u", name});
  words.insert(words.end(), {"TEST_UNDECLARED_OUTPUTS_DIR=" + tested.folder, "XML_OUTPUT_FILE=" + xml});
  words.insert(words.end(), variables.begin(), variables.end());
  words.insert(words.end(), {program, "--gtest_filter=" + filter});
  tested.ran = run_process("/usr/bin/env", words);
  tested.xml = read_file(xml);
  return tested;
}

// Values of a property, in order.
Words properties(const std::string& xml, const std::string& name) {
  const std::regex property("<property name=\"" + name + "\" value=\"([^\"]*)\"");
  Words values;
  for (std::sregex_iterator at(xml.begin(), xml.end(), property), end; at != end; ++at) values.push_back((*at)[1]);
  return values;
}

Words tests_run(const std::string& xml) {
  const std::regex test("<testcase name=\"([^\"]*)\"[^>]*status=\"run\"");
  Words names;
  for (std::sregex_iterator at(xml.begin(), xml.end(), test), end; at != end; ++at) names.push_back((*at)[1]);
  return names;
}

// The one finding of a test that fails is named by its XML and by its files.
void expect_named(const Tested& tested, const std::string& workload) {
  EXPECT_EQ(tested.ran.status, 1) << tested.ran.out << tested.ran.error;
  EXPECT_NE(tested.xml.find("<failure"), std::string::npos);
  EXPECT_EQ(tests_run(tested.xml), Words{"FindsNothingInTheShippedScheduler/" + workload});
  ASSERT_EQ(properties(tested.xml, "stressor"), Words{workload});
  ASSERT_EQ(properties(tested.xml, "seed").size(), 1u);
  const std::string name = workload + "_seed" + properties(tested.xml, "seed").front();
  EXPECT_EQ(tested.files(".token"), Words{name});
  EXPECT_EQ(tested.files(".trace"), Words{name});
  const std::string token = tested.file(name + ".token");
  EXPECT_EQ(Words{token.substr(0, token.size() - 1)}, properties(tested.xml, "token"));
  EXPECT_TRUE(tested.file(name + ".trace").starts_with(token));
}

// Needs both broken schedulers: without them patches_apply_test has said what is wrong.
class LeftBehind : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string tool : {"harness/defect/jitterbug_S4a", "harness/defect/jitterbug_native_S1a"}) {
      const std::string misfit = misfit_of(tool);
      if (!misfit.empty()) GTEST_SKIP() << misfit;
    }
  }
};

TEST_F(LeftBehind, BySimulation) {
  const Tested tested = run_test(simulated_broken, "*FindsNothing*/wake_storm");
  expect_named(tested, "wake_storm");
  const Words names = tested.files(".token");
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(tested.files(".interleaving"), names);
  EXPECT_EQ(tested.files(".schedule"), names);
  EXPECT_NE(tested.file(names[0] + ".interleaving").find("  step  spin need idle   Gs  main#0"), std::string::npos);
  for (const std::string ending : {".token", ".schedule"}) {
    const Ran again = run_jitterbug({"replay", tested.folder + "/" + names[0] + ending, "--quiet"});
    EXPECT_EQ(again.status, 1) << again.error;
    const std::string oracle = properties(tested.xml, "oracle").at(0);
    EXPECT_NE(again.out.find("(" + oracle + ")"), std::string::npos) << again.out;
  }
}

// Every step, as `jitterbug replay` writes it.
TEST_F(LeftBehind, TheTraceIsThatOfAReplay) {
  const Tested tested = run_test(simulated_broken, "*FindsNothing*/wake_storm");
  const Words names = tested.files(".trace");
  ASSERT_EQ(names.size(), 1u);
  const std::string trace = scratch_path("replay.trace");
  run_jitterbug({"replay", tested.folder + "/" + names[0] + ".token", "--trace", trace, "--quiet"});
  EXPECT_EQ(tested.file(names[0] + ".trace"), read_file(trace));
}

TEST_F(LeftBehind, OnRealThreads) {
  const Tested tested = run_test(native_broken, "*/callbacks", {"JITTERBUG_RUNS=3"});
  expect_named(tested, "callbacks");
  const Words names = tested.files(".token");
  ASSERT_EQ(names.size(), 1u);
  const std::string token = tested.file(names[0] + ".token");
  const std::string trace = scratch_path("native.trace");
  const Ran again =
      run_jitterbug({"replay", token.substr(0, token.size() - 1), "--times", "3", "--trace", trace, "--quiet"});
  EXPECT_EQ(again.status, 1) << again.error;
  EXPECT_NE(again.out.find("failed in 3 of 3 runs"), std::string::npos) << again.out;
  for (const std::string& text : {tested.file(names[0] + ".trace"), read_file(trace)}) {
    EXPECT_TRUE(text.starts_with(token)) << text;
    EXPECT_NE(text.find("  main#1 "), std::string::npos) << text;
    EXPECT_NE(text.find("window       "), std::string::npos) << text;
    EXPECT_NE(text.find("runtime/sched/"), std::string::npos) << text;
    EXPECT_NE(text.find("\nquiescent_counters (O5): extra_in_use is "), std::string::npos) << text;
  }
}

// Nothing holds its threads, and nothing is to slow them down unasked.
TEST_F(LeftBehind, AQuietRunIsTracedWhenAsked) {
  const Ran hunt = run_jitterbug({"hunt", "--flavour", "native", "--lift", "S1a", "--stressor", "callbacks", "--noise",
                                  "none", "--schedules", "1", "--quiet", "--json", "-"});
  ASSERT_EQ(hunt.status, 1) << hunt.error;
  const nlohmann::json finding = nlohmann::json::parse(hunt.out).at("findings").at(0);
  EXPECT_TRUE(finding.at("trace").empty());
  const std::string trace = scratch_path("quiet.trace");
  run_jitterbug({"replay", finding.at("token"), "--times", "1", "--trace", trace, "--quiet"});
  EXPECT_NE(read_file(trace).find("runtime/sched/"), std::string::npos);
}

TEST_F(LeftBehind, NothingByATestThatPasses) {
  const Tested tested = run_test(simulated, "*FindsNothing*/token_ring");
  EXPECT_EQ(tested.ran.status, 0) << tested.ran.out;
  EXPECT_TRUE(fs::is_empty(tested.folder));
}

// Bazel counts the runs of --runs_per_test in this variable, from 1.
TEST(Seeds, EachRunOfATestTakesItsOwn) {
  const auto first_seed = [](const Words& variables) {
    return properties(run_test(simulated, "*FindsNothing*/spawn_tree", variables).xml, "first_seed");
  };
  EXPECT_EQ(first_seed({}), Words{"1"});
  EXPECT_EQ(first_seed({"TEST_RANDOM_SEED=1"}), Words{"1"});
  EXPECT_EQ(first_seed({"TEST_RANDOM_SEED=2"}), Words{"301"});
  EXPECT_EQ(first_seed({"TEST_RANDOM_SEED=3"}), Words{"601"});
}

TEST_F(LeftBehind, BySeedsOfItsOwnOnRealThreads) {
  const auto seed = [](const Words& variables) {
    const Words names = run_test(native_broken, "*/callbacks", variables).files(".token");
    return names.empty() ? "" : names.front();
  };
  const std::string first = seed({"JITTERBUG_RUNS=1"});
  EXPECT_EQ(seed({"JITTERBUG_RUNS=1", "TEST_RANDOM_SEED=1"}), first);
  EXPECT_NE(seed({"JITTERBUG_RUNS=1", "TEST_RANDOM_SEED=2"}), first);
}

TEST(Seeds, WhatIsNoNumberIsRefused) {
  for (const std::string variable : {"TEST_RANDOM_SEED", "JITTERBUG_RUNS"}) {
    const Tested tested = run_test(native, "*/spawn_tree", {variable + "=many"});
    EXPECT_EQ(tested.ran.status, 2) << tested.ran.out;
    EXPECT_EQ(tested.ran.error, variable + " 'many': is not an unsigned 64-bit number\n");
  }
  EXPECT_EQ(run_test(simulated, "*FindsNothing*", {"TEST_RANDOM_SEED=-1"}).ran.status, 2);
}

// Bazel hands its own variables, TEST_SHARD_INDEX and TEST_TOTAL_SHARDS, on by these names.
TEST(Shards, HaveAllTestsTogetherAndNoneTwice) {
  constexpr int shards = 3;
  Words all = tests_run(run_test(simulated, "*FindsNothing*").xml), together;
  EXPECT_GT(all.size(), 10u);
  for (int shard = 0; shard < shards; ++shard) {
    const Tested tested =
        run_test(simulated, "*FindsNothing*",
                 {"GTEST_SHARD_INDEX=" + std::to_string(shard), "GTEST_TOTAL_SHARDS=" + std::to_string(shards)});
    EXPECT_EQ(tested.ran.status, 0) << tested.ran.out;
    const Words own = tests_run(tested.xml);
    EXPECT_FALSE(own.empty());
    together.insert(together.end(), own.begin(), own.end());
    for (const std::string& seed : properties(tested.xml, "first_seed")) EXPECT_EQ(seed, "1");
  }
  std::sort(all.begin(), all.end());
  std::sort(together.begin(), together.end());
  EXPECT_EQ(together, all);
}

}  // namespace
}  // namespace jitterbug
