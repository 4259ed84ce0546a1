// The table of strategies: the same whoever runs the trials, and what its cells say.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <new>
#include <nlohmann/json.hpp>

#include "harness/base/errors.h"
#include "harness/base/process.h"
#include "harness/classic/comparison_text.h"
#include "harness/strategy/registry.h"

namespace jitterbug::classic {
namespace {

using Json = nlohmann::json;

ComparisonRequest small_request() {
  ComparisonRequest request;
  request.programs = {"account", "reorder_10", "lost_wakeup_d"};
  request.strategies = {"random", "walk"};
  request.trials = 3;
  request.schedules = 40;
  return request;
}

Entry entry_of(std::initializer_list<std::uint64_t> first_bugs) {
  Entry entry{"program", "strategy", {}};
  for (const std::uint64_t first_bug : first_bugs) {
    entry.trials.push_back({.first_bug = first_bug, .schedules = 10'000});
  }
  return entry;
}

TEST(Comparison, DoesNotDependOnTheNumberOfProcesses) {
  ComparisonRequest request = small_request();
  const Json one = Json::parse(comparison_json(request, compare(request, {})));
  request.jobs = 3;
  const Json three = Json::parse(comparison_json(request, compare(request, {})));
  EXPECT_EQ(one["programs"], three["programs"]);
  ASSERT_EQ(one["programs"].size(), 3u);
  for (const Json& row : one["programs"]) {
    ASSERT_EQ(row["strategies"].size(), 2u);
    for (const Json& entry : row["strategies"]) EXPECT_EQ(entry["first_bug"].size(), 3u);
  }
}

TEST(Comparison, PoolAndRunnerAgree) {
  const ProgramInfo& program = *find_program("stringbuffer");
  const PooledTrials pooled = run_trials({{&program, "walk", 7, 1'000}}, 2, {});
  ASSERT_TRUE(pooled.results.at(0).has_value());
  TrialRunner runner;
  const TrialResult alone = runner.schedules_to_first_bug(program, "walk", 7, 1'000);
  EXPECT_EQ(pooled.results[0]->first_bug, alone.first_bug);
  EXPECT_EQ(pooled.results[0]->decisions, alone.decisions);
}

TEST(Comparison, ShowsTheProgressOfAllTrials) {
  const ComparisonRequest request = small_request();
  PoolProgress last;
  compare(request, [&last](const PoolProgress& at) { last = at; });
  EXPECT_EQ(last.trials, 18u);
  EXPECT_EQ(last.trials_of, 18u);
  EXPECT_GT(last.schedules, 18u);
  EXPECT_NE(progress_text(last).find("18 of 18 trials"), std::string::npos);
}

// In half of the runs, what `harm` does.
template <void (*harm)()>
class Harmful final : public Program {
 public:
  void main(Stage&) override {
    if (rt::os::choose(2) == 0) harm();
  }
};

template <void (*harm)()>
constexpr ProgramInfo harmful = {"harmful", "does harm", 1, Symptom::assertion, false,
                                 [](Version) -> std::unique_ptr<Program> { return std::make_unique<Harmful<harm>>(); }};

void crash() { std::abort(); }
void leave() { _exit(0); }
void kill_itself() { std::raise(SIGKILL); }
void loop() {
  for (volatile bool forever = true; forever;) {
  }
}

TEST(Comparison, WhateverAProgramDoesToItsProcessIsABugAndTheOthersResultsAreKept) {
  std::vector<TrialPlan> plans;
  for (const ProgramInfo* program :
       {&harmful<crash>, find_program("stack"), &harmful<leave>, &harmful<kill_itself>, find_program("account")}) {
    plans.push_back({program, "urw", 3, 1'000});
  }
  const PooledTrials one = run_trials(plans, 1, {});
  const PooledTrials two = run_trials(plans, 2, {});
  for (std::size_t i = 0; i < plans.size(); ++i) {
    ASSERT_TRUE(one.results[i] && two.results[i]) << i;
    const bool harms = plans[i].program->name == std::string_view("harmful");
    EXPECT_TRUE(one.results[i]->found()) << i;
    EXPECT_EQ(one.results[i]->symptom, harms ? Symptom::crash : Symptom::assertion) << i;
    EXPECT_EQ(one.results[i]->first_bug, two.results[i]->first_bug) << i;
    EXPECT_EQ(one.results[i]->decisions, two.results[i]->decisions) << i;
  }
}

TEST(Comparison, ALoopWithoutAStepIsABug) {
  const PooledTrials pooled = run_trials({{&harmful<loop>, "walk", 1, 1'000}}, 1, {}, 0.3);
  ASSERT_TRUE(pooled.results[0].has_value());
  EXPECT_TRUE(pooled.results[0]->found());
  EXPECT_EQ(pooled.results[0]->symptom, Symptom::hang);
}

// In memory of all processes: this run is the first to be killed.
std::atomic<bool>* killed = nullptr;
void kill_itself_once() {
  if (!killed->exchange(true)) std::raise(SIGKILL);
}

TEST(Comparison, AWorkerThatIsKilledFromOutsideHasItsTrialBegunAgain) {
  const SharedMemory memory(sizeof *killed);
  killed = new (memory.data()) std::atomic<bool>(false);
  const PooledTrials pooled = run_trials({{&harmful<kill_itself_once>, "walk", 1, 50}}, 1, {});
  EXPECT_TRUE(killed->load());
  ASSERT_TRUE(pooled.results[0].has_value());
  EXPECT_FALSE(pooled.results[0]->found());
  EXPECT_EQ(pooled.results[0]->schedules, 50u);
}

TEST(Comparison, NamesTheSymptomsThatNobodyKnewOf) {
  ComparisonRequest request;
  request.programs = {"stack"};
  request.strategies = {"walk"};
  Comparison comparison;
  comparison.entries = {entry_of({1, 2, 3})};
  comparison.entries[0].program = "stack";
  comparison.entries[0].strategy = "walk";
  EXPECT_EQ(comparison_text(request, comparison).find("stack under walk"), std::string::npos);
  comparison.entries[0].trials[1].symptom = Symptom::livelock;
  const std::string text = comparison_text(request, comparison);
  EXPECT_NE(text.find("stack under walk: 1 of 3 by livelock\n"), std::string::npos) << text;
  const Json json = Json::parse(comparison_json(request, comparison));
  EXPECT_EQ(json["programs"][0]["strategies"][0]["symptoms"], Json({{"assertion", 2}, {"livelock", 1}}));
}

TEST(Comparison, AWorkerThatFailsIsTheToolsFault) {
  const ProgramInfo& program = *find_program("stack");
  try {
    run_trials({{&program, "nonsense", 1, 1}}, 1, {});
    FAIL() << "no error";
  } catch (const ToolError& error) {
    EXPECT_NE(std::string(error.what()).find("nonsense"), std::string::npos) << error.what();
  }
}

TEST(Comparison, MeansAreOverTheTrialsThatFoundIt) {
  EXPECT_EQ(entry_text(entry_of({1, 2, 3, 4})), "2.5");
  EXPECT_EQ(entry_text(entry_of({100, 201})), "150");
  EXPECT_EQ(entry_text(entry_of({0, 30, 50})), "40 (2/3)");
  EXPECT_EQ(entry_text(entry_of({0, 0})), "0/2");
  EXPECT_EQ(entry_text(entry_of({})), "-");
}

TEST(Comparison, StandsBesideWhatIsPublished) {
  ComparisonRequest request = small_request();
  request.trials = 1;
  const std::string text = comparison_text(request, compare(request, {}));
  EXPECT_NE(text.find("3225 (16/20)"), std::string::npos) << text;
  EXPECT_NE(text.find("SURW artefact"), std::string::npos) << text;
}

TEST(Comparison, NamesAreCheckedAndCountOnce) {
  EXPECT_EQ(programs_named("all").size(), programs().size());
  EXPECT_EQ(strategies_named("all").size(), strategies().size() + 1) << "and the portfolio";
  EXPECT_EQ(programs_named("stack,account,stack"), (std::vector<std::string>{"stack", "account"}));
  EXPECT_THROW(programs_named("stack,nonsense"), UsageError);
  EXPECT_THROW(programs_named(""), UsageError);
  EXPECT_THROW(strategies_named("walk,,random"), UsageError);
}

}  // namespace
}  // namespace jitterbug::classic
