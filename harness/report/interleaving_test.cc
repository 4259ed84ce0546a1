// The picture of a run: what it shows, and that it fits the page.

#include "harness/report/interleaving.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/campaign/hunt.h"
#include "harness/report/schedule_report.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"
#include "harness/schedule/schedule_text.h"
#include "harness/simulated/runner.h"
#include "harness/simulated/swarm.h"
#include "harness/toys/toys.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::OpKind;

Schedule lost_update() {
  Plan plan;
  plan.workload = "toy_lost";
  plan.fixed = {{"rounds", 1}};
  plan.storm_steps = 1'000;
  const ParsedSchedule parsed = parse_schedule("jitterbug-schedule 1\ntoken " + to_token(plan) +
                                               "\nexternal#1 at startm_id_reserve 1 -> external#2\n");
  return parsed.schedule.value_or(Schedule{});
}

std::string picture(const Schedule& schedule, const std::optional<AdjacentPair>& pair) {
  return interleaving_text(observe(*parse_token(schedule.token).plan, schedule), schedule, pair);
}

TEST(Interleaving, OfALostUpdate) {
  const Schedule schedule = lost_update();
  const Minimized m = minimize({*parse_token(schedule.token).plan, schedule});
  ASSERT_EQ(m.schedule.choices, schedule.choices);
  EXPECT_EQ(picture(m.schedule, m.pair),
            "  step  spin need idle   Gs  external#1              external#2\n"
            "     6     -    -    -    -  starts\n"
            "     7     -    -    -    -  startm_id_reserve (1.1) [1] -> external#2 <- ... this\n"
            "     8     -    -    -    -  :                       starts load sum <- before ...\n"
            "     9     -    -    -    -  :                       startm_id_reserve (1.1)\n"
            "fails: assertion (O20): no update is lost\n");
}

TEST(Interleaving, NamesTheStepsOfThePair) {
  AdjacentPair pair;
  pair.first = {{"m", 2}, Window::checkdead_on_every_drop, 1, OpKind::count, "", 0};
  pair.held = {{"sysmon", 1}, Window::startm_id_reserve, 1, OpKind::count, "", 0};
  EXPECT_EQ(pair_sentence(pair),
            "m#2 passes checkdead_on_every_drop (8.1: the run count falls and nobody checks) before sysmon#1 leaves "
            "startm_id_reserve (1.1: a new thread is not yet counted when the scheduler lock is free: false "
            "deadlock); the other way round the run passes.");
  pair.first.kind = OpKind::rmw;
  pair.first.file = "lock";
  pair.first.nth = 2;
  EXPECT_NE(pair_sentence(pair).find("m#2 is past checkdead_on_every_drop (8.1: "), std::string::npos);
  EXPECT_NE(pair_sentence(pair).find("with its 2nd rmw in lock after checkdead_on_every_drop (8.1),"),
            std::string::npos);
  pair.first.on = "sched.lock";
  EXPECT_NE(pair_sentence(pair).find("with its 2nd rmw in lock (sched.lock) after "), std::string::npos);
  pair.towards = Point{{"m", 2}, Window::stopm_list_before_sleep, 1, OpKind::count, "", 0};
  EXPECT_NE(pair_sentence(pair).find("m#2 takes the step to stopm_list_before_sleep (1.5: "), std::string::npos);
}

// Long runs of every workload: the page keeps its width, every choice is on it.
TEST(Interleaving, FitsThePage) {
  Runner runner;
  for (const Workload& workload : stressors()) {
    SCOPED_TRACE(workload.name);
    Plan plan;
    plan.workload = workload.name;
    plan.seed = 7;
    plan = with_fixed_storm(plan);
    Schedule schedule;
    schedule.token = to_token(plan);
    runner.run_recorded(plan, schedule.choices);
    if (schedule.choices.size() > 3) schedule.choices.resize(3);
    const std::string text = picture(schedule, std::nullopt);
    std::istringstream lines(text);
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line); ++rows) {
      EXPECT_LE(line.size(), interleaving_columns) << line;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    }
    EXPECT_LE(rows, 120u);
    EXPECT_GE(rows, 3u);
  }
}

TEST(Interleaving, CallsWordsByTheirNames) {
  HuntRequest hunt;
  hunt.workloads = {"wake_storm"};
  const Plan plan = with_fixed_storm(hunt_plan(hunt, 0));
  Observed observed = observe(plan, {});
  const auto parks = [](const ObservedStep& s) { return s.point.kind == OpKind::futex_wait; };
  const auto last = std::find_if(observed.steps.rbegin(), observed.steps.rend(), parks);
  ASSERT_NE(last, observed.steps.rend());
  observed.steps.erase(last.base(), observed.steps.end());
  EXPECT_NE(interleaving_text(observed, {}, std::nullopt).find("parks (stop.note)"), std::string::npos);
}

TEST(Interleaving, ShowsTheStateWords) {
  HuntRequest hunt;
  hunt.workloads = {"wake_storm"};
  const Plan plan = with_fixed_storm(hunt_plan(hunt, 0));
  const Observed observed = observe(plan, {});
  EXPECT_GT(observed.steps.size(), 100u);
  const auto known = [](const ObservedStep& s) { return s.words.has_value(); };
  const auto queued = [](const ObservedStep& s) { return s.words && s.words->queued > 0; };
  const auto spinning = [](const ObservedStep& s) { return s.words && s.words->nmspinning > 0; };
  EXPECT_GT(std::count_if(observed.steps.begin(), observed.steps.end(), known), 100);
  EXPECT_GT(std::count_if(observed.steps.begin(), observed.steps.end(), queued), 0);
  EXPECT_GT(std::count_if(observed.steps.begin(), observed.steps.end(), spinning), 0);
}

}  // namespace
}  // namespace jitterbug
