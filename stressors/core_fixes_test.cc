// The regression tests that the fixes of Go's scheduler went without: each race is
// performed as its script says. With the fix every run passes, without it every run
// fails, by an oracle that is in charge.
//
// $JITTERBUG is the tool that performs, or the same for real threads. JITTERBUG_RUNS: how
// often, instead of 30 times. A test that fails names race and row in its XML, and leaves behind
// the script, and what the program said, with the last operations of a run.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/defect/catalog.h"
#include "harness/scene/race.h"
#include "harness/script/script.h"
#include "harness/test_outputs/environment.h"
#include "harness/test_outputs/outputs.h"

namespace jitterbug {
namespace {

// Of a program whose patch does not fit the scheduler in the tree: patches_apply_test names it.
constexpr int patch_misfit = 125;

struct Performed {
  std::string said;
  int exit = -1;

  bool says(const std::string& what) const { return said.find(what) != std::string::npos; }
};

Performed perform(const Race& race, const std::string& runs, const std::string& row) {
  const std::string tool = text_from_environment("JITTERBUG", "");
  const Defect* defect = find_defect(row);
  const bool patch = defect != nullptr && defect->kind == DefectKind::patch;
  const std::string path = patch ? "harness/defect/" + tool + "_" + row : "harness/" + tool;
  std::vector<std::string> words = {path, "perform", race.workload.name, "--times", runs, "--quiet"};
  if (!row.empty()) words.insert(words.end(), {"--lift", row});
  Printed printed = run_program(path, words, Taken::output_and_errors);
  return {std::move(printed.text), WIFEXITED(printed.status) ? WEXITSTATUS(printed.status) : -1};
}

void keep(const Race& race, const std::string& row, const Performed& performed) {
  testing::Test::RecordProperty("race", race.workload.name);
  testing::Test::RecordProperty("lifted", row);
  const std::string name = std::string(race.workload.name) + (row.empty() ? "" : "_" + row);
  keep_output(name + ".script", Script::parse(race.workload.script).to_text());
  keep_output(name + ".trace", performed.said);
}

class Races : public testing::TestWithParam<Race> {
 protected:
  const std::string runs_ = std::to_string(number_from_environment("JITTERBUG_RUNS", 30));
};

TEST_P(Races, PassesWithItsFix) {
  const Performed performed = perform(GetParam(), runs_, "");
  EXPECT_EQ(performed.exit, 0);
  EXPECT_TRUE(performed.says(runs_ + " runs, " + runs_ + " passed")) << performed.said;
  if (HasFailure()) keep(GetParam(), "", performed);
}

TEST_P(Races, FailsWithoutItsFix) {
  for (const std::string& row : split_list(GetParam().rows)) {
    const Performed performed = perform(GetParam(), runs_, row);
    if (performed.exit == patch_misfit) continue;
    EXPECT_EQ(performed.exit, 1) << row;
    bool by_one_in_charge = false;
    for (const std::string& oracle : split_list(find_defect(row)->oracles)) {
      by_one_in_charge |= performed.says(runs_ + " failed (" + oracle + " " + runs_ + "), 0 not followed");
    }
    EXPECT_TRUE(by_one_in_charge) << row << ": " << performed.said;
    if (HasFailure()) keep(GetParam(), row, performed);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Races, testing::ValuesIn(races().begin(), races().end()),
                         [](const auto& info) { return std::string(info.param.workload.name); });

TEST(RaceScripts, MeanWhatTheySay) {
  for (const Race& race : races()) {
    const Script script = Script::parse(race.workload.script, race.workload.name);
    EXPECT_EQ(Script::parse(script.to_text()).to_text(), script.to_text()) << race.workload.name;
  }
}

}  // namespace
}  // namespace jitterbug
