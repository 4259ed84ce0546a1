// A trace is an observer: a run that is watched is the run that nobody watched.
// Replays print traces, so a token would otherwise not replay its finding.

#include <gtest/gtest.h>

#include "harness/campaign/hunt.h"
#include "harness/scene/workload.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

HuntRequest every_stressor() {
  HuntRequest request;
  for (const Workload& workload : stressors()) request.workloads.emplace_back(workload.name);
  return request;
}

TEST(Trace, ChangesNoRun) {
  Runner runner;
  const HuntRequest request = every_stressor();
  for (std::uint64_t i = 0; i < 100 * stressors().size(); ++i) {
    const Plan plan = hunt_plan(request, i);
    const Record plain = runner.run(plan);
    const Record traced = runner.run(plan, 10);
    ASSERT_EQ(traced.digest, plain.digest) << plan.workload << ", schedule " << i;
    ASSERT_EQ(traced.decisions, plain.decisions);
    ASSERT_EQ(traced.last_windows, plain.last_windows);
    ASSERT_EQ(traced.trace.size(), std::min<std::uint64_t>(10, traced.decisions));
  }
}

TEST(Runs, DoNotDependOnThoseBefore) {
  const HuntRequest request = every_stressor();
  constexpr std::uint64_t runs = 300;
  std::vector<std::uint64_t> digests;
  Runner forwards;
  for (std::uint64_t i = 0; i < runs; ++i) digests.push_back(forwards.run(hunt_plan(request, i)).digest);
  for (std::uint64_t i = runs; i-- > 0;) {
    ASSERT_EQ(forwards.run(hunt_plan(request, i)).digest, digests[i]) << "schedule " << i;
  }
}

}  // namespace
}  // namespace jitterbug
