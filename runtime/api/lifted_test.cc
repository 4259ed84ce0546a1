// What tests of the interface claim is not so when a safeguard is lifted: they can fail.

#include <string>

#include "harness/sim/testing.h"
#include "runtime/api/api_world.h"

namespace rt {
namespace {

using jitterbug::MachineOptions;
using jitterbug::testing::Explorer;
using jitterbug::testing::require;

// On one P nobody but sysmon lets the other G run.
TEST(LiftedSim, WithoutAWakeSysmonSleepsOnBesideALoop) {
  MachineOptions options;
  options.step_ns = 500;
  options.lifted = Safeguard::taken_p_wakes_sysmon;
  Explorer explorer(options);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string wrong =
        explorer.run(seed, [] { require(loop_after_a_deep_sleep(1) < second, "the loop lets the other G run"); });
    EXPECT_NE(wrong, "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace rt
