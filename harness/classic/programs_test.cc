// Each program has its bug, by an interleaving that is written down here or found by a
// walk, and has no other way to fail.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "harness/base/draw.h"
#include "harness/classic/published.h"
#include "harness/classic/trial.h"
#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug::classic {
namespace {

constexpr std::uint32_t to_its_end = std::numeric_limits<std::uint32_t>::max();

// A thread announces an operation, which is the step, and performs it when it goes on:
// after a leg of n steps it stands before its n-th operation.
struct Leg {
  ThreadId thread;
  std::uint32_t steps;  // at most; the leg ends earlier when the thread blocks or ends
};

// Runs the legs, and then everybody in turns.
class Script final : public testing::RunOn {
 public:
  explicit Script(std::vector<Leg> legs) : legs_(std::move(legs)) {}

  Pick pick(const Situation& s) override {
    for (; at_ < legs_.size(); ++at_, begun_ = false) {
      const Leg& leg = legs_[at_];
      if (!begun_) end_ = s.step + leg.steps;
      begun_ = true;
      const bool can_run = std::any_of(s.runnable.begin(), s.runnable.end(),
                                       [&](const Candidate& c) { return c.thread == leg.thread; });
      if (can_run && s.step < end_) return {leg.thread, static_cast<std::uint32_t>(end_ - s.step)};
    }
    return RunOn::pick(s);
  }

 private:
  const std::vector<Leg> legs_;
  std::size_t at_ = 0;
  std::uint64_t end_ = 0;
  bool begun_ = false;
};

const ProgramInfo& program(std::string_view name) { return *find_program(name); }

bool is_the_bug(const ProgramInfo& info, const RunResult& result) {
  return result.failed() && symptom_of(result) == info.symptom;
}

// The run shows the bug, and a leg less shows none: each of them is needed.
void expect_bug(const char* name, const std::vector<Leg>& legs) {
  SCOPED_TRACE(name);
  TrialRunner runner;
  Script script(legs);
  const RunResult result = runner.run(program(name), Version::published, script);
  EXPECT_TRUE(is_the_bug(program(name), result)) << sentence_of(result.failure);
  for (std::size_t i = 0; i < legs.size(); ++i) {
    std::vector<Leg> less = legs;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    Script without(less);
    EXPECT_FALSE(runner.run(program(name), Version::published, without).failed()) << "without leg " << i;
  }
}

void expect_repaired(const char* name, const std::vector<Leg>& legs) {
  TrialRunner runner;
  Script script(legs);
  EXPECT_FALSE(runner.run(program(name), Version::repaired, script).failed()) << name;
}

// ---- By hand: what a walk does not meet in any number of schedules a test can run ----

TEST(Reorder, ACheckerBetweenTheWritesOfASetter) {
  for (const auto& [name, checker] : {std::pair("reorder_3", 3u), {"reorder_10", 10u}, {"reorder_100", 100u}}) {
    const std::vector<Leg> legs = {{0, to_its_end},         // starts all and waits
                                   {1, 2},                  // has written a
                                   {checker, to_its_end}};  // reads both
    expect_bug(name, legs);
    expect_repaired(name, legs);
  }
}

TEST(TwoStage, AReaderBetweenTheStagesOfAStager) {
  for (const auto& [name, reader] : {std::pair("twostage_1", 2u), {"twostage_20", 20u}, {"twostage_100", 100u}}) {
    const std::vector<Leg> legs = {{0, to_its_end},        // starts all and waits
                                   {1, 4},                 // has released the first lock
                                   {reader, to_its_end}};  // reads both
    expect_bug(name, legs);
    expect_repaired(name, legs);
  }
}

// Found by a walk, after 2.6 million schedules, and shortened until no leg could be left out.
TEST(SafeStack, OnePlaceForTwoThreads) {
  expect_bug("safe_stack", {{0, 7}, {2, 3}, {1, 9}, {3, 10}, {1, 2}, {2, 1},
                            {1, 4}, {2, 1}, {1, 2}, {3, 2}, {1, 3}, {3, 1}});
}

// ---- By a walk ----------------------------------------------------------------

TEST(Programs, AWalkFindsTheBug) {
  TrialRunner runner;
  for (const char* name : {"reorder_3", "twostage_1", "stack", "token_ring", "wronglock", "bluetooth_driver", "account",
                           "stringbuffer", "work_steal_queue", "lost_wakeup_d", "lost_wakeup_d2"}) {
    const TrialResult trial = runner.schedules_to_first_bug(program(name), "walk", 1, 10'000);
    EXPECT_TRUE(trial.found()) << name;
    EXPECT_EQ(trial.symptom, program(name).symptom) << name;
  }
}

// ---- Nothing else fails ---------------------------------------------------------

TEST(Programs, TheOrderOfTheirStartsPasses) {
  TrialRunner runner;
  testing::RunOn run_on;
  for (const ProgramInfo& info : programs()) {
    const RunResult result = runner.run(info, Version::published, run_on);
    EXPECT_FALSE(result.failed()) << info.name << ": " << sentence_of(result.failure);
  }
}

TEST(Programs, NoWalkFailsARepairedOne) {
  TrialRunner runner;
  for (const ProgramInfo& info : programs()) {
    if (!info.repairable) continue;
    RandomStrategy random;  // bursts of any length
    for (std::uint64_t i = 0; i < 500; ++i) {
      random.begin(derive(1, i));
      const RunResult result = runner.run(info, Version::repaired, random);
      ASSERT_FALSE(result.failed()) << info.name << ", schedule " << i << ": " << sentence_of(result.failure);
    }
  }
}

// ---- The registry -----------------------------------------------------------------

class CountThreads final : public testing::RunOn {
 public:
  bool watches() const override { return true; }
  void thread_started(ThreadId, ThreadId, std::string_view) override { ++threads; }
  int threads = 0;
};

TEST(Programs, HaveAsManyThreadsAsTheySay) {
  TrialRunner runner;
  for (const ProgramInfo& info : programs()) {
    CountThreads count;
    runner.run(info, Version::published, count);
    EXPECT_EQ(count.threads, info.threads) << info.name;
  }
}

TEST(Programs, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const ProgramInfo& info : programs()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(find_program(info.name), &info);
  }
  EXPECT_EQ(find_program("nonsense"), nullptr);
  for (const Published& row : published()) EXPECT_NE(find_program(row.program), nullptr) << row.program;
}

}  // namespace
}  // namespace jitterbug::classic
