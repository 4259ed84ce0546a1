// Workloads with a script in the machine: followed, not followed, and plans that do not fit.

#include <gtest/gtest.h>

#include "harness/base/errors.h"
#include "harness/scene/scene.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

void two_threads(Scene& scene) {
  scene.external([&] { scene.mark("first"); }, "first");
  scene.external([&] { scene.mark("second"); }, "second");
  scene.join_external();
}

const RegisteredWorkload registered[] = {
    RegisteredWorkload(
        {"t_followed", "", Judges::program, body_of<two_threads>, "hold first at @first until second reaches @second"}),
    RegisteredWorkload({"t_not_followed", "", Judges::program, body_of<two_threads>,
                        "hold first at @first until second reaches @nowhere limit 1 s"}),
    RegisteredWorkload({"t_without", "", Judges::program, body_of<two_threads>}),
};

Plan plan_of(const char* workload, const char* strategy) {
  Plan plan;
  plan.workload = workload;
  plan.strategy = strategy;
  return plan;
}

TEST(Script, ThatIsFollowedPasses) {
  Runner runner;
  Plan plan = plan_of("t_followed", script_strategy);
  for (plan.seed = 1; plan.seed <= 20; ++plan.seed) {
    const Record record = runner.run(plan);
    EXPECT_FALSE(record.failed()) << sentence_of(record.failure);
  }
}

TEST(Script, ThatIsNotFollowedIsNoPass) {
  const Record record = Runner().run(plan_of("t_not_followed", script_strategy));
  ASSERT_TRUE(record.failed());
  EXPECT_EQ(record.failure->oracle, OracleId::harness);
  EXPECT_EQ(record.failure->invariant, script_is_followed);
  EXPECT_NE(record.failure->sentence.find("@nowhere"), std::string::npos) << record.failure->sentence;
}

TEST(Script, AndStrategyBelongTogether) {
  EXPECT_NO_THROW(check_plan(plan_of("t_followed", script_strategy)));
  EXPECT_NO_THROW(check_plan(plan_of("t_without", "random")));
  EXPECT_THROW(check_plan(plan_of("t_followed", "random")), UsageError);
  EXPECT_THROW(check_plan(plan_of("t_without", script_strategy)), UsageError);
}

}  // namespace
}  // namespace jitterbug
