// Trials: the count of schedules, equal for equal seeds, under every strategy.

#include <gtest/gtest.h>

#include "harness/base/errors.h"
#include "harness/classic/trial.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/random.h"
#include "harness/strategy/registry.h"

namespace jitterbug::classic {
namespace {

// Two threads share a flag. Then, in one run of eight, one thread raises a counter two
// hundred times and another one looks at it four times. The bug shows when there is a
// look in each quarter of the raises: a walk that does not know how many raises are to
// come has done with the looks in the first quarter.
class RarePath final : public Program {
 public:
  void main(Stage& stage) override {
    for (int i = 0; i < 2; ++i) stage.start([this] { flag_.fetch_add(1, rt::relaxed); });
    stage.join();
    if (rt::os::choose(one_run_in) != 0) return;
    stage.start([this] {
      for (int i = 0; i < raises; ++i) counter_.fetch_add(1, rt::relaxed);
    });
    stage.start([this, &stage] { look(stage); });
    stage.join();
  }

 private:
  static constexpr int raises = 200;
  static constexpr int looks = 4;
  static constexpr std::uint32_t one_run_in = 8;

  void look(Stage& stage) {
    int in_their_quarters = 0;
    for (int i = 0; i < looks; ++i) in_their_quarters += counter_.load(rt::relaxed) * looks / raises == i ? 1 : 0;
    stage.check(in_their_quarters < looks, "some quarter is not looked at");
  }

  rt::os::Atomic<int> flag_{0}, counter_{0};
};

constexpr ProgramInfo rare_path = {"rare_path", "four looks, each in another quarter", 5, Symptom::assertion, false,
                                   [](Version) -> std::unique_ptr<Program> { return std::make_unique<RarePath>(); }};

TEST(Trial, EqualSeedsGiveEqualTrialsInAnyRunner) {
  TrialRunner first, second;
  for (const StrategyInfo& strategy : strategies()) {
    for (const char* name : {"stringbuffer", "wronglock", "lost_wakeup_d2"}) {
      const ProgramInfo& program = *find_program(name);
      const TrialResult one = first.schedules_to_first_bug(program, strategy.name, 5, 500);
      const TrialResult two = second.schedules_to_first_bug(program, strategy.name, 5, 500);
      EXPECT_EQ(one.first_bug, two.first_bug) << name << " under " << strategy.name;
      EXPECT_EQ(one.schedules, two.schedules) << name << " under " << strategy.name;
      EXPECT_EQ(one.decisions, two.decisions) << name << " under " << strategy.name;
    }
  }
}

TEST(Trial, EveryStrategyFindsAShallowBug) {
  TrialRunner runner;
  for (const StrategyInfo& strategy : strategies()) {
    for (const char* name : {"account", "token_ring"}) {
      const TrialResult trial = runner.schedules_to_first_bug(*find_program(name), strategy.name, 1, 10'000);
      EXPECT_TRUE(trial.found()) << name << " under " << strategy.name;
      EXPECT_EQ(trial.first_bug, trial.schedules);
    }
  }
}

TEST(Trial, AnotherSeedIsAnotherTrial) {
  TrialRunner runner;
  const ProgramInfo& program = *find_program("work_steal_queue");
  const TrialResult one = runner.schedules_to_first_bug(program, "walk", 1, 10'000);
  const TrialResult two = runner.schedules_to_first_bug(program, "walk", 2, 10'000);
  EXPECT_NE(one.decisions, two.decisions);
}

// Seven pilots of eight do not see the threads that have the bug.
TEST(Trial, AUniformWalkLearnsWhatItsPilotMissed) {
  TrialRunner runner;
  for (const char* strategy : {"urw", "surw"}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      EXPECT_TRUE(runner.schedules_to_first_bug(rare_path, strategy, seed, 2'000).found())
          << strategy << ", trial " << seed;
    }
  }
}

TEST(Trial, AUniformWalkThatKnowsItsPilotOnlyMissesItForGood) {
  TrialRunner runner;
  RandomStrategy random;
  PilotRun pilot(random);
  std::uint64_t pilots = 0;
  do {
    pilot.begin(++pilots);
    runner.run(rare_path, Version::published, pilot);
  } while (pilot.seen().threads.size() == 5);
  for (const char* name : {"urw", "surw"}) {
    const auto strategy = find_strategy(name)->make();
    strategy->learn(pilot.seen());
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
      strategy->begin(seed);
      EXPECT_FALSE(runner.run(rare_path, Version::published, *strategy).failed()) << name << ", schedule " << seed;
    }
  }
}

// One thread waits for what the other one does only if it has come first.
class Livelock final : public Program {
 public:
  void main(Stage& stage) override {
    stage.start([this] { first_.store(1, rt::relaxed); });
    stage.start([this] {
      const bool for_good = first_.load(rt::relaxed) != 0;
      while (for_good) rt::os::relax();
    });
    stage.join();
  }

 private:
  rt::os::Atomic<int> first_{0};
};

TEST(Trial, ALivelockIsTheBugOfItsProgram) {
  const ProgramInfo program = {"livelock", "a wait for good", 3, Symptom::assertion, false,
                               [](Version) -> std::unique_ptr<Program> { return std::make_unique<Livelock>(); }};
  TrialRunner runner;
  for (const StrategyInfo& strategy : strategies()) {
    const TrialResult trial = runner.schedules_to_first_bug(program, strategy.name, 1, 100);
    EXPECT_TRUE(trial.found()) << strategy.name;
    EXPECT_EQ(trial.symptom, Symptom::livelock) << strategy.name;
  }
}

TEST(Trial, WhatTheMachineRefusesIsNoSymptom) {
  RunResult result;
  result.failure = {OracleId::harness, "an oracle judges whatever ends a run"};
  EXPECT_THROW(symptom_of(result), ToolError);
}

TEST(Trial, EndsAtItsCap) {
  TrialRunner runner;
  for (const StrategyInfo& strategy : strategies()) {
    const TrialResult trial = runner.schedules_to_first_bug(*find_program("safe_stack"), strategy.name, 1, 3);
    EXPECT_FALSE(trial.found()) << strategy.name;
    EXPECT_EQ(trial.schedules, 3u) << strategy.name;
    EXPECT_FALSE(trial.stopped);
  }
}

TEST(Trial, StopsWhenItIsAskedTo) {
  TrialRunner runner;
  int asked = 0;
  const TrialResult trial = runner.schedules_to_first_bug(*find_program("reorder_100"), "walk", 1, 10'000,
                                                          [&asked](const TrialResult&) { return ++asked == 4; });
  EXPECT_TRUE(trial.stopped);
  EXPECT_FALSE(trial.found());
  EXPECT_EQ(trial.schedules, 3u);
}

TEST(Trial, RefusesAStrategyThatDoesNotExist) {
  TrialRunner runner;
  EXPECT_THROW(runner.schedules_to_first_bug(*find_program("stack"), "nonsense", 1, 1), UsageError);
}

}  // namespace
}  // namespace jitterbug::classic
