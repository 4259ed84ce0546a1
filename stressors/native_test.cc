// Every stressor against the scheduler as it is, on real threads under noise: no
// finding, no sanitizer report, no hang.
//
// TEST_RANDOM_SEED seeds the draws, which are those of seed 1 otherwise; JITTERBUG_RUNS
// is how often each stressor runs. A finding leaves token and trace behind.

#include <gtest/gtest.h>

#include "harness/campaign/hunt.h"
#include "harness/defect/variant.h"
#include "harness/report/text.h"
#include "harness/scene/workload.h"
#include "harness/test_outputs/environment.h"
#include "harness/test_outputs/outputs.h"

namespace jitterbug {
namespace {

constexpr double hang_seconds = 60;

void keep(const Finding& finding) {
  keep_token(finding.plan);
  keep_trace(finding.plan, finding.record);
}

class StressNative : public testing::TestWithParam<Workload> {};

TEST_P(StressNative, FindsNothingInTheShippedScheduler) {
  HuntRequest request;
  request.workloads = {GetParam().name};
  request.noise = "swarm";
  request.schedules = number_from_environment("JITTERBUG_RUNS", 20);
  request.seed = random_seed();
  request.hang_seconds = hang_seconds;
  request.lifted = linked_patch();  // the test of this test links a defect
  RecordProperty("random_seed", std::to_string(request.seed));
  const BatchResult result = hunt(request, nullptr, keep);
  EXPECT_EQ(result.tally.schedules, *request.schedules);
  if (!result.findings.empty()) name_in_xml(result.findings.front());
  for (const Finding& finding : result.findings) ADD_FAILURE() << finding_text(finding);
}

INSTANTIATE_TEST_SUITE_P(All, StressNative, testing::ValuesIn(stressors()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace jitterbug
