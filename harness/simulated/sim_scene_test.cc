// The scene inside the machine: parameters, external threads, the ledger, and how
// the ends of a run reach the oracles.

#include "harness/simulated/sim_scene.h"

#include <gtest/gtest.h>

#include "harness/strategy/random.h"
#include "runtime/api/wait_group.h"

namespace jitterbug {
namespace {

struct World {
  explicit World(std::uint64_t s = 1, std::map<std::string, std::int64_t> f = {}) : seed(s), fixed(std::move(f)) {}

  RunResult run(const std::function<void(Scene&)>& body) {
    RandomStrategy strategy;
    strategy.begin(seed);
    SimScene scene(machine, Judges::scheduler, seed, fixed);
    const RunResult result = machine.run(options, strategy, scene, [&] { body(scene); });
    drawn = scene.drawn();
    return result;
  }

  // A program of one runtime, whose main is `main`.
  RunResult run_main(int procs, const std::function<void(Scene&)>& main) {
    return run([&](Scene& scene) {
      rt::Runtime runtime({.procs = procs});
      scene.watch(runtime);
      runtime.run([&] { main(scene); });
      scene.forget();
    });
  }

  const std::uint64_t seed;
  const std::map<std::string, std::int64_t> fixed;
  Machine machine;
  MachineOptions options;
  std::map<std::string, std::int64_t> drawn;
};

TEST(SimScene, ParameterDependsOnSeedAndNameOnly) {
  std::int64_t alone = 0;
  std::int64_t after_others = 0;
  World(7).run([&](Scene& s) { alone = s.parameter("lanes", 1, 1'000'000); });
  World(7).run([&](Scene& s) {
    s.parameter("rounds", 1, 9);
    s.random(5);
    after_others = s.parameter("lanes", 1, 1'000'000);
  });
  EXPECT_EQ(alone, after_others);
  std::int64_t other_seed = 0;
  World(8).run([&](Scene& s) { other_seed = s.parameter("lanes", 1, 1'000'000); });
  EXPECT_NE(alone, other_seed);
}

TEST(SimScene, FixedParameterIsUsedAndKeptWithinItsRange) {
  World world(1, {{"procs", 3}, {"lanes", 99}});
  world.run([](Scene& s) {
    s.parameter("procs", 1, 8);
    s.parameter("lanes", 1, 4);
    s.parameter("rounds", 5, 5);
  });
  EXPECT_EQ(world.drawn, (std::map<std::string, std::int64_t>{{"procs", 3}, {"lanes", 4}, {"rounds", 5}}));
}

TEST(SimScene, ExternalThreadsRunAndAreJoined) {
  World world;
  int ran = 0;
  const RunResult result = world.run([&](Scene& s) {
    for (int i = 0; i < 5; ++i) s.external([&ran] { ++ran; });
    s.join_external();
  });
  EXPECT_FALSE(result.failed()) << sentence_of(result.failure);
  EXPECT_EQ(ran, 5);
}

TEST(SimScene, UseOfWhatIsClosedIsAFindingOfResourceUse) {
  World world;
  const RunResult result = world.run_main(1, [](Scene&) {
    rt::Descriptor ends[2];
    ASSERT_EQ(rt::os::pipe_open(ends), 0);
    rt::os::close(ends[0]);
    rt::os::close(ends[0]);
  });
  EXPECT_EQ(number_of(result.failure), "O19");
  EXPECT_NE(sentence_of(result.failure).find(" closes descriptor 3, which is closed"), std::string::npos)
      << sentence_of(result.failure);
}

TEST(SimScene, GoodProgramHasNoFinding) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunResult result = World(seed).run_main(3, [](Scene& s) {
      rt::WaitGroup all;
      all.add(6);
      for (int i = 0; i < 6; ++i) s.go([&all] { all.done(); });
      all.wait();
      rt::sleep(100 * rt::microsecond);
    });
    EXPECT_FALSE(result.failed()) << "seed " << seed << " " << sentence_of(result.failure);
  }
}

TEST(SimScene, ExpectationThatFailsEndsTheRun) {
  const RunResult result =
      World().run_main(1, [](Scene& s) { s.expect(1 + 1 == 3, OracleId::conservation, "sums are right"); });
  EXPECT_TRUE(result.failed());
  EXPECT_EQ(number_of(result.failure), "O7");
  EXPECT_EQ(sentence_of(result.failure), "sums are right");
}

TEST(SimScene, DeadlockTheWorkloadDidNotAnnounceIsFalse) {
  const RunResult result = World().run_main(1, [](Scene&) {
    rt::Parker gate;
    gate.park();
  });
  EXPECT_EQ(number_of(result.failure), "O1") << sentence_of(result.failure);
}

TEST(SimScene, AnnouncedDeadlockIsAGoodEnd) {
  const RunResult result = World().run_main(2, [](Scene& s) {
    rt::Parker gate;
    s.ledger.stuck_on_purpose = true;
    gate.park();
  });
  EXPECT_FALSE(result.failed()) << sentence_of(result.failure);
}

TEST(SimScene, AnnouncedDeadlockThatIsNoneIsMissed) {
  World world;
  world.options.storm_steps = 200;
  const RunResult result = world.run_main(1, [](Scene& s) {
    s.ledger.stuck_on_purpose = true;
    for (;;) rt::sleep(10 * rt::millisecond);
  });
  EXPECT_EQ(number_of(result.failure), "O2") << sentence_of(result.failure);
}

TEST(SimScene, AbandonedGIsNotConserved) {
  const RunResult result = World().run_main(1, [](Scene& s) {
    auto* gate = new rt::Parker;
    s.go([gate] { gate->park(); });
    rt::yield();
  });
  EXPECT_EQ(number_of(result.failure), "O7") << sentence_of(result.failure);
}

TEST(SimScene, EndlessSpinIsNoProgress) {
  World world;
  world.options.storm_steps = 200;
  const RunResult result = world.run_main(1, [](Scene&) {
    for (;;) rt::os::relax();
  });
  EXPECT_EQ(number_of(result.failure), "O4") << sentence_of(result.failure);
}

TEST(SimScene, ThreadsBeyondAWrongLimitAreFound) {
  const RunResult result = World().run_main(1, [](Scene& s) {
    s.ledger.thread_limit = 1;  // the runtime was told otherwise
    rt::sleep(1 * rt::millisecond);
  });
  EXPECT_EQ(number_of(result.failure), "O15") << sentence_of(result.failure);
}

TEST(SimScene, WorldThatIsDeadWithoutARuntimeIsNoProgress) {
  const RunResult result = World().run([](Scene&) {
    rt::os::Atomic<std::uint32_t> word(0);
    rt::os::futex_wait(word, 0, rt::forever);
  });
  EXPECT_EQ(number_of(result.failure), "O4") << sentence_of(result.failure);
}

}  // namespace
}  // namespace jitterbug
