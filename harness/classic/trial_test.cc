// Trials: the count of schedules, equal for equal seeds, under every strategy.

#include <gtest/gtest.h>

#include "harness/base/errors.h"
#include "harness/classic/trial.h"
#include "harness/strategy/registry.h"

namespace jitterbug::classic {
namespace {

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
                                                          [&asked] { return ++asked == 4; });
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
