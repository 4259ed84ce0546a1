// A minimised schedule fails as its token did, and without any one of its choices the
// run passes; the pair it names decides.

#include "harness/minimize/minimize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "harness/base/errors.h"
#include "harness/campaign/hunt.h"
#include "harness/minimize/messages.h"
#include "harness/minimize/observe.h"
#include "harness/run/token.h"
#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/schedule_text.h"
#include "harness/sim/sanitizer.h"
#include "harness/simulated/runner.h"
#include "harness/simulated/swarm.h"
#include "harness/toys/toys.h"
#include "runtime/os/os.h"

namespace jitterbug {
namespace {

using rt::Window;

// Fails when the first thread stands in its window while the second one takes all of
// its three steps; takes the process down when it takes just one.
void fragile(Scene& scene) {
  rt::os::Atomic<std::uint32_t> stage(0);
  bool lost = false;
  scene.external([&] {
    const std::uint32_t before = stage.load(rt::relaxed);
    rt::os::race_window(Window::startm_id_reserve);
    const std::uint32_t taken = stage.load(rt::relaxed) - before;
    if (taken == 1) std::raise(SIGKILL);
    lost = taken == 3;
  });
  scene.external([&] {
    for (int i = 0; i < 3; ++i) {
      rt::os::race_window(Window::needspinning_clear);
      stage.fetch_add(1, rt::relaxed);
    }
  });
  scene.join_external();
  scene.expect(!lost, OracleId::conservation, "all steps are seen");
}

const RegisteredWorkload fragile_workload({"toy_fragile", "a run that may crash", Judges::program, body_of<fragile>});

Plan plan_of(const std::string& workload, const std::string& lifted, std::uint64_t schedule = 0) {
  HuntRequest hunt;
  hunt.workloads = {workload};
  hunt.lifted = lifted;
  return hunt_plan(hunt, schedule);
}

// The first plan that fails; of workloads that do not crash.
Plan failing_plan(Plan plan) {
  Runner runner;
  for (int i = 0; i < 20'000; ++i, ++plan.seed) {
    if (runner.run(plan).failed()) return plan;
  }
  ADD_FAILURE() << plan.workload << " does not fail with " << plan.lifted << " lifted";
  return plan;
}

Record replay(const Schedule& schedule, const std::vector<Choice>& choices) {
  Runner runner;
  ReplayStrategy strategy(choices);
  strategy.begin(0);
  return runner.run_under(strategy, *parse_token(schedule.token).plan, 0);
}

bool fails_when_let_go(const Schedule& schedule, std::size_t choice, std::uint64_t steps) {
  Runner runner;
  ReplayStrategy strategy(schedule.choices);
  strategy.let_go_after(choice, steps);
  strategy.begin(0);
  return runner.run_under(strategy, *parse_token(schedule.token).plan, 0).failed();
}

void expect_minimal(const Minimized& m) {
  const Schedule& schedule = m.schedule;
  SCOPED_TRACE(to_text(schedule));
  const Record again = replay(schedule, schedule.choices);
  EXPECT_EQ(again.digest, m.record.digest);
  EXPECT_EQ(finding_key(again, AtWindows::alike), finding_key(m.record, AtWindows::alike));
  EXPECT_TRUE(m.minimal);
  EXPECT_TRUE(m.others.empty());
  for (std::size_t i = 0; i < schedule.choices.size(); ++i) {
    std::vector<Choice> rest = schedule.choices;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(replay(schedule, rest).failed()) << "without choice " << i + 1;
  }
  ASSERT_TRUE(m.pair);
  EXPECT_FALSE(fails_when_let_go(schedule, m.pair->choice, m.pair->steps - 1));
  EXPECT_TRUE(fails_when_let_go(schedule, m.pair->choice, m.pair->steps));
}

TEST(Minimize, ALostUpdateTakesOnePreemption) {
  const Plan plan = failing_plan(plan_of("toy_lost", ""));
  const Minimized m = minimize({plan, {}});
  expect_minimal(m);
  ASSERT_EQ(m.schedule.choices.size(), 1u);
  EXPECT_GE(m.recorded, 1u);
  EXPECT_EQ(number_of(m.record.failure), "O20");
  EXPECT_EQ(number_of(m.schedule.failure), "O20");
  EXPECT_EQ(m.pair->held.window, Window::startm_id_reserve);
  EXPECT_TRUE(m.pair->held.at_window());
  // Once the other thread has read, its store will undo this one's.
  EXPECT_EQ(m.pair->first.kind, rt::engine::OpKind::load);
  EXPECT_NE(m.pair->first.thread, m.pair->held.thread);
}

TEST(Minimize, EqualRequestsHaveEqualResults) {
  const Plan plan = failing_plan(plan_of("toy_lost", ""));
  const Minimized a = minimize({plan, {}}), b = minimize({plan, {}});
  EXPECT_EQ(to_text(a.schedule), to_text(b.schedule));
  EXPECT_EQ(a.runs, b.runs);
  EXPECT_EQ(a.pair, b.pair);
}

TEST(Minimize, AScheduleIsMinimisedFromAFileToo) {
  const Plan plan = with_fixed_storm(failing_plan(plan_of("toy_lost", "")));
  Schedule whole;
  whole.token = to_token(plan);
  Runner().run_recorded(plan, whole.choices);
  const Minimized m = minimize({plan, whole});
  expect_minimal(m);
  EXPECT_EQ(m.recorded, whole.choices.size());
}

TEST(Minimize, CrashesOnTheWayAreSurvived) {
  const ParsedSchedule parsed = parse_schedule(
      "jitterbug-schedule 1\ntoken jb1:x\nexternal#1 at startm_id_reserve 1 -> external#2\n"
      "external#2 at start -> external#2\n");
  ASSERT_TRUE(parsed.schedule) << parsed.message;
  Plan plan = with_fixed_storm(plan_of("toy_fragile", ""));
  const Minimized m = minimize({plan, parsed.schedule});
  expect_minimal(m);
  EXPECT_EQ(m.schedule.choices.size(), 1u);
  EXPECT_EQ(m.pair->held.window, Window::startm_id_reserve);
  EXPECT_GT(m.crashes, 0u);
}

// Fails when the second thread moves while the first one stands in one of its windows;
// when it moves in both, another oracle says so.
void twofold(Scene& scene) {
  rt::os::Atomic<std::uint32_t> stage(0);
  int crossed = 0;
  const auto cross = [&](Window w) {
    const std::uint32_t before = stage.load(rt::relaxed);
    rt::os::race_window(w);
    if (stage.load(rt::relaxed) != before) ++crossed;
  };
  scene.external([&] {
    cross(Window::startm_id_reserve);
    cross(Window::needspinning_clear);
  });
  scene.external([&] {
    for (int i = 0; i < 4; ++i) stage.fetch_add(1, rt::relaxed);
  });
  scene.join_external();
  scene.expect(crossed != 2, OracleId::conservation, "not both windows are crossed");
  scene.expect(crossed != 1, OracleId::quiescent_counters, "no window is crossed");
}

const RegisteredWorkload twofold_workload({"toy_twofold", "a run that fails in two ways", Judges::program,
                                           body_of<twofold>});

TEST(Minimize, WhatFailsInAnotherWayWithFewerChoicesComesDownToThese) {
  Plan plan = plan_of("toy_twofold", "");
  Runner runner;
  for (plan.seed = 0; plan.seed < 20'000 && number_of(runner.run(plan).failure) != "O7";) ++plan.seed;
  const Minimized m = minimize({plan, {}});
  expect_minimal(m);
  EXPECT_TRUE(m.another_way);
  EXPECT_EQ(number_of(m.record.failure), "O5");
  EXPECT_EQ(number_of(m.schedule.failure), "O5");
  EXPECT_EQ(m.schedule.choices.size(), 1u);
}

TEST(Minimize, ProcessesUnderstandEachOther) {
  const Minimized m = minimize({failing_plan(plan_of("toy_lost", "")), {}});
  const std::string text = write_minimized(m);
  EXPECT_EQ(write_minimized(read_minimized(text)), text);
  ASSERT_TRUE(m.pair);
  const Attempt attempt{.outcome = Attempt::Outcome::other,
                        .how = "O7: not \xff UTF-8",
                        .key = "O20",
                        .reached = {true, false},
                        .around = {{{m.pair->held}, {m.pair->first, m.pair->held}, true}, {}},
                        .first = m.pair->first,
                        .towards = std::nullopt};
  const std::string sent = write_attempt(attempt);
  EXPECT_EQ(write_attempt(read_attempt(sent)), sent);
  const Sample sample{7, m.schedule.choices};
  EXPECT_EQ(write_choices(*read_sample(write_sample(sample)).choices), write_choices(*sample.choices));
  EXPECT_FALSE(read_sample(write_sample({7, std::nullopt})).choices);
  EXPECT_EQ(read_words(write_words({1, 2, 3, 4})), (StateWords{1, 2, 3, 4}));
  EXPECT_TRUE(is_words(write_words({})));
  EXPECT_FALSE(is_words(point_line(m.pair->held)));
}

TEST(Minimize, WhatNoProcessSaysIsRefused) {
  for (const std::string nonsense : {"", "{", "null", "[]", "[1]", "{\"schedule\":1}"}) {
    EXPECT_THROW(read_attempt(nonsense), ToolError) << nonsense;
    EXPECT_THROW(read_sample(nonsense), ToolError) << nonsense;
    EXPECT_THROW(read_told(nonsense), ToolError) << nonsense;
    EXPECT_THROW(read_words(nonsense), ToolError) << nonsense;
    EXPECT_THROW(read_minimized(nonsense), ToolError) << nonsense;
  }
  EXPECT_THROW(read_point("nowhere"), ToolError);
  EXPECT_THROW(read_choices("m#2 goes home\n"), ToolError);
}

TEST(Minimize, ARunThatPassesIsNoneOfItsBusiness) {
  EXPECT_THROW(minimize({plan_of("toy_good", ""), {}}), ImpossibleError);
  EXPECT_THROW(minimize({plan_of("nonsense", ""), {}}), UsageError);
}

// Dies when the first thread stands in its window while the second one takes a step.
void deadly(Scene& scene) {
  rt::os::Atomic<std::uint32_t> stage(0);
  scene.external([&] {
    const std::uint32_t before = stage.load(rt::relaxed);
    rt::os::race_window(Window::startm_id_reserve);
    if (stage.load(rt::relaxed) != before) std::raise(SIGSEGV);
  });
  scene.external([&] {
    rt::os::race_window(Window::needspinning_clear);
    stage.fetch_add(1, rt::relaxed);
  });
  scene.join_external();
}

const RegisteredWorkload deadly_workload({"toy_deadly", "a run that one interleaving kills", Judges::program,
                                          body_of<deadly>});

TEST(Minimize, ARunThatDiesComesDownToTheOrderThatKillsIt) {
  Plan plan = plan_of("toy_deadly", "");
  int died = 0;
  // Deaths take a sanitizer long.
  const std::uint64_t seeds = sanitized ? 4 : 20;
  for (plan.seed = 0; plan.seed < seeds; ++plan.seed) {
    Minimized m;
    try {
      m = minimize({plan, {}});
    } catch (const ImpossibleError& e) {
      EXPECT_NE(std::string(e.what()).find("passes"), std::string::npos) << e.what();
      continue;
    }
    ++died;
    EXPECT_EQ(number_of(m.record.failure), "O12");
    EXPECT_NE(sentence_of(m.record.failure).find(sanitized ? "SEGV" : "the process was ended by SIGSEGV in a run"),
              std::string::npos)
        << sentence_of(m.record.failure);
    EXPECT_TRUE(m.minimal);
    EXPECT_TRUE(m.others.empty());
    ASSERT_EQ(m.schedule.choices.size(), 1u) << to_text(m.schedule);
    ASSERT_TRUE(m.pair);
    EXPECT_EQ(m.pair->held.window, Window::startm_id_reserve);
    EXPECT_EQ(m.pair->first.kind, rt::engine::OpKind::rmw) << point_line(m.pair->first);
    EXPECT_NE(m.pair->first.thread, m.pair->held.thread);
    const Observed seen = observe(*parse_token(m.schedule.token).plan, m.schedule);
    EXPECT_TRUE(seen.record.crashed);
    const auto is = [](const Point& wanted) { return [&](const ObservedStep& step) { return step.point == wanted; }; };
    EXPECT_TRUE(std::any_of(seen.steps.begin(), seen.steps.end(), is(m.pair->held)));
    EXPECT_TRUE(std::any_of(seen.steps.begin(), seen.steps.end(), is(m.pair->first)));
  }
  EXPECT_GT(died, 0);
}

struct Core {
  const char* row;
  const char* workload;
  std::vector<Window> held_in;  // where the thread may stand that must not
};

// A run may fail by a long way round, which another run of the same defect does not take:
// most of them are asked for.
TEST(Minimize, CoreSafeguardsComeDownToAFewChoices) {
  constexpr std::uint64_t plans = 3;
  const Core cores[] = {
      {"S3a", "syscall_injector", {Window::startm_id_reserve, Window::injectglist_newm_gap}},
      {"S4f",
       "wake_storm",
       {Window::needspinning_test_and_drop_atomicity, Window::nonspinning_drop_vs_wakep,
        Window::nonspinning_drop_vs_injectglist, Window::idle_mask_order, Window::recheck_finds_work_no_p,
        Window::wakep_npidle_precheck, Window::wakep_unlock_gap, Window::resetspinning_last_finder,
        Window::spinner_limit_bypass, Window::transient_nmspinning}}};
  for (const Core& core : cores) {
    SCOPED_TRACE(core.row);
    int few = 0, named = 0;
    for (std::uint64_t schedule = 1; schedule <= plans; ++schedule) {
      const Minimized m = minimize({failing_plan(plan_of(core.workload, core.row, schedule)), {}});
      expect_minimal(m);
      ASSERT_TRUE(m.pair);
      const auto& windows = core.held_in;
      few += m.schedule.choices.size() <= 8 ? 1 : 0;
      named += std::find(windows.begin(), windows.end(), m.pair->held.window) != windows.end() ? 1 : 0;
    }
    EXPECT_GE(few, 2);
    EXPECT_GE(named, 2);
  }
}

}  // namespace
}  // namespace jitterbug
