// Bad input: one line on standard error that names what is wrong, exit code 2, and
// nothing has happened.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "harness/base/text.h"
#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

struct Case {
  std::vector<std::string> arguments;
  std::string named;  // what the line must name
};

void expect_refused(const Case& c) {
  std::string command = "jitterbug";
  for (const std::string& argument : c.arguments) command += " '" + argument + "'";
  SCOPED_TRACE(command);
  const Ran ran = run_jitterbug(c.arguments);
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(std::count(ran.error.begin(), ran.error.end(), '\n'), 1) << ran.error;
  EXPECT_EQ(ran.error.find("jitterbug: "), 0u) << ran.error;
  EXPECT_NE(ran.error.find(c.named), std::string::npos) << ran.error;
}

TEST(Usage, MalformedTokens) {
  expect_refused({{"replay", "nonsense"}, "token, column 1"});
  expect_refused({{"replay", ""}, "token, column 1"});
  expect_refused({{"replay", "jb1:wake_storm:random:seed=zz:check=0"}, "token, column 23: seed 'zz'"});
  expect_refused({{"replay", "jb1:wake_storm:random:seed=1:check=00000000"}, "damaged"});
  expect_refused({{"replay", "jb1:wake_storm:random:seed=1\n:check=00000000"}, "token, column 23"});
  expect_refused({{"replay"}, "token"});
}

TEST(Usage, DamagedInputsOfAFuzzer) {
  const std::string path = scratch_path("crash");
  std::ofstream(path) << "jb1:wake_storm:random:seed=1:check=00000000";
  for (const std::string verb : {"replay", "minimize"}) {
    expect_refused({{verb, path}, path + ":1: token, column 36: the token is damaged"});
  }
}

TEST(Usage, NamesThatDoNotExist) {
  expect_refused({{"hunt", "--stressor", "nonsense"}, "--stressor 'nonsense'"});
  expect_refused({{"hunt", "--stressor", "wake_storm,nonsense"}, "--stressor 'nonsense'"});
  expect_refused({{"hunt", "--stressor", ""}, "--stressor"});
  expect_refused({{"hunt", "--stressor", "wake_storm,,token_ring"}, "--stressor ''"});
  expect_refused({{"hunt", "--strategy", "nonsense"}, "--strategy 'nonsense'"});
  expect_refused({{"hunt", "--lift", "S9z"}, "--lift 'S9z'"});
  expect_refused({{"hunt", "--lift", "S2f"}, "crash relay"});
  expect_refused({{"score", "--safeguards", "nonsense"}, "'nonsense'"});
  expect_refused({{"score", "--safeguards", ""}, "safeguard"});
  expect_refused({{"score", "--strategy", "nonsense"}, "--strategy 'nonsense'"});
  expect_refused({{"bench-strategies", "--programs", "stack,nonsense"}, "--programs 'nonsense'"});
  expect_refused({{"bench-strategies", "--programs", ""}, "--programs"});
  expect_refused({{"bench-strategies", "--strategies", "nonsense"}, "--strategies 'nonsense'"});
  expect_refused({{"list", "nonsense"}, "'nonsense'"});
  expect_refused({{"list"}, "what"});
}

TEST(Usage, NumbersThatMakeNoSense) {
  for (const std::string option : {"--schedules", "--jobs", "--storm", "--calm"}) {
    expect_refused({{"hunt", option, "-5"}, option + " '-5': must not be negative"});
    expect_refused({{"hunt", option, "0"}, option + " '0': must be at least 1"});
    expect_refused({{"hunt", option, "many"}, option + " 'many': is not a number"});
    expect_refused({{"hunt", option, "1.5"}, option});
    expect_refused({{"hunt", option, ""}, option});
    expect_refused({{"hunt", option, "99999999999999999999999"}, option});
  }
  for (const std::string option : {"--schedules", "--jobs", "--trials"}) {
    expect_refused({{"bench-strategies", option, "0"}, option + " '0': must be at least 1"});
    expect_refused({{"bench-strategies", option, "many"}, option + " 'many': is not a number"});
  }
  expect_refused({{"hunt", "--jobs", "65"}, "at most 64"});
  expect_refused({{"hunt", "--seed", "-1"}, "--seed '-1'"});
  expect_refused({{"hunt", "--seed", "0xzz"}, "--seed '0xzz'"});
  expect_refused({{"score", "--trials", "0"}, "--trials '0'"});
  expect_refused({{"score", "--trials", "-1"}, "--trials '-1'"});
  expect_refused({{"score", "--schedules", "-1"}, "--schedules '-1'"});
}

TEST(Usage, Durations) {
  for (const std::string bad : {"30", "s", "-1s", "0s", "1.5s", "30 s", "30x", "9999999999s", ""}) {
    expect_refused({{"hunt", "--for", bad}, "--for"});
  }
  EXPECT_EQ(parse_duration("30s"), 30);
  EXPECT_EQ(parse_duration("500ms"), 0.5);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("8h"), 28'800);
}

TEST(Usage, Parameters) {
  expect_refused({{"hunt", "--set", "P"}, "--set 'P'"});
  expect_refused({{"hunt", "--set", "P=x"}, "--set 'P=x'"});
  expect_refused({{"hunt", "--set", "seed=1"}, "--set 'seed=1'"});
  expect_refused({{"hunt", "--set", "P=1", "--set", "P=2"}, "twice"});
}

TEST(Usage, WordsThatDoNotBelong) {
  expect_refused({{}, "subcommand"});
  expect_refused({{"conquer"}, "conquer"});
  expect_refused({{"hunt", "--nonsense"}, "--nonsense"});
  expect_refused({{"hunt", "extra"}, "extra"});
  expect_refused({{"hunt", "--schedules"}, "--schedules"});
}

TEST(Usage, CoverageIsAsStrictAsAHunt) {
  expect_refused({{"coverage", "--stressor", "nonsense"}, "--stressor 'nonsense'"});
  expect_refused({{"coverage", "--strategy", "nonsense"}, "--strategy 'nonsense'"});
  expect_refused({{"coverage", "--schedules", "-1"}, "--schedules '-1'"});
  expect_refused({{"coverage", "--jobs", "65"}, "at most 64"});
  expect_refused({{"coverage", "--for", "30"}, "--for '30'"});
  expect_refused({{"coverage", "--first"}, "--first"});
  expect_refused({{"coverage", "extra"}, "extra"});
  expect_refused({{"coverage", "--json", scratch_path("missing/coverage.json")}, "missing/coverage.json"});
}

TEST(Usage, AnUnwritableReportIsRefusedBeforeTheWork) {
  const std::string missing = scratch_path("missing/report.json");
  // A hunt that would run for an hour ends at once.
  expect_refused({{"hunt", "--for", "1h", "--json", missing}, missing});
  expect_refused({{"score", "--json", missing}, missing});
  expect_refused(
      {{"hunt", "--for", "1h", "--json", std::filesystem::path(missing).parent_path().parent_path()}, "directory"});
  expect_refused({{"hunt", "--for", "1h", "--json", ""}, "--json"});
}

TEST(Usage, BadInputLeavesTheOldReportAlone) {
  const std::string path = scratch_path("report.json");
  std::ofstream(path) << "old";
  expect_refused({{"hunt", "--json", path, "--schedules", "-1"}, "--schedules"});
  expect_refused({{"hunt", "--json", path, "--stressor", "nonsense"}, "nonsense"});
  expect_refused({{"replay", "nonsense", "--json", path}, "token"});
  expect_refused({{"replay", "nonsense", "--trace", path}, "token"});
  EXPECT_EQ(read_file(path), "old");
}

}  // namespace
}  // namespace jitterbug
