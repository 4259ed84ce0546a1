// Every stressor against the scheduler as it is, on real threads under noise: no
// finding, no sanitizer report, no hang.
//
// TEST_RANDOM_SEED seeds the draws, which are those of seed 1 otherwise; JITTERBUG_RUNS
// is how often each stressor runs. A failing test leaves token and report behind.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "harness/campaign/token.h"
#include "harness/native/hunt.h"
#include "stressors/stressor.h"

namespace jitterbug {
namespace {

constexpr double hang_seconds = 60;

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  return parse_unsigned(environment(name, "")).value_or(otherwise);
}

std::string told(const Finding& finding) {
  return to_token(finding.plan) + "\n" + finding.record.oracle + ": " + finding.record.sentence + "\n" +
         finding.record.detail;
}

void keep(const Finding& finding) {
  const std::string folder = environment("TEST_UNDECLARED_OUTPUTS_DIR", "");
  if (folder.empty()) return;
  std::ofstream file(folder + "/" + finding.plan.stressor + "_" + std::to_string(finding.record.index) + ".txt");
  file << told(finding);
}

class StressNative : public testing::TestWithParam<Stressor> {};

TEST_P(StressNative, FindsNothingInTheShippedScheduler) {
  NativeHunt hunt;
  hunt.stressors = {GetParam().name};
  hunt.schedules = number("JITTERBUG_RUNS", 20);
  hunt.seed = number("TEST_RANDOM_SEED", 1);
  hunt.hang_seconds = hang_seconds;
  RecordProperty("seed", std::to_string(hunt.seed));
  const NativeHuntResult result = hunt_natively(hunt, {});
  EXPECT_EQ(result.tally.schedules, *hunt.schedules);
  for (const Finding& finding : result.findings) {
    ADD_FAILURE() << told(finding);
    keep(finding);
  }
}

INSTANTIATE_TEST_SUITE_P(All, StressNative, testing::ValuesIn(stressors().begin(), stressors().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace jitterbug
