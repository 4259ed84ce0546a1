// What swarms of faults promise.

#include "harness/strategy/faults.h"

#include <gtest/gtest.h>

namespace jitterbug {
namespace {

TEST(FaultSwarm, HalfOfTheRunsAreQuietAndTheOthersFaultEightTimesAsOften) {
  int frequent_runs = 0;
  int faults[2] = {};  // of quiet runs, of others
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    FaultSwarm swarm;
    swarm.begin(rt::Rng(seed));
    frequent_runs += swarm.frequent() ? 1 : 0;
    for (int i = 0; i < 512; ++i) faults[swarm.frequent() ? 1 : 0] += swarm.answer(256) == 0 ? 1 : 0;
  }
  EXPECT_NEAR(frequent_runs, 500, 80);
  EXPECT_NEAR(faults[0], 2 * (1'000 - frequent_runs), 200);
  EXPECT_NEAR(faults[1], 16 * frequent_runs, 600);
}

TEST(FaultSwarm, NoRunIsAllFaults) {
  for (std::uint32_t n : {2u, 4u, 8u}) {
    int faults = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
      FaultSwarm swarm;
      swarm.begin(rt::Rng(seed));
      const std::uint32_t answer = swarm.answer(n);
      ASSERT_LT(answer, n);
      faults += answer == 0 ? 1 : 0;
    }
    EXPECT_LT(faults, 600) << "one in " << n;
    EXPECT_GT(faults, 50) << "one in " << n;
  }
}

}  // namespace
}  // namespace jitterbug
