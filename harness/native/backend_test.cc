// A run on real threads, and what its parent makes of its end.

#include "harness/run/backend.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "harness/base/errors.h"
#include "harness/campaign/hunt.h"
#include "harness/campaign/replay.h"
#include "harness/native/runner.h"
#include "harness/run/token.h"
#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace jitterbug {
namespace {

void run_main(Scene& scene, const std::function<void()>& main) {
  rt::Runtime runtime({.procs = 2});
  scene.watch(runtime);
  runtime.run(main);
  scene.forget();
}

void ends_well(Scene& scene) {
  scene.parameter("size", 7, 7);
  run_main(scene, [&] {
    rt::WaitGroup all;
    all.add(1);
    scene.go([&] { all.done(); });
    all.wait();
    while (scene.ledger.ended.load() == 0) rt::yield();
  });
}

void claims(Scene& scene) {
  scene.parameter("size", 7, 7);
  run_main(scene, [&] { scene.fail({OracleId::conservation, "a claim", "a claim\nof two lines"}); });
}

void leaves_a_wait_open(Scene& scene) {
  run_main(scene, [&] { scene.ledger.waits_begun.fetch_add(1); });
}

// main waits for a token that nobody has.
void deadlocks(Scene& scene) {
  run_main(scene, [] { rt::Parker().park(); });
}

void deadlocks_on_purpose(Scene& scene) {
  scene.ledger.stuck_on_purpose.store(true);
  deadlocks(scene);
}

void breaks_an_invariant(Scene& scene) {
  run_main(scene, [] { rt::os::fatal(rt::Fatal::broken_invariant, "two and two are five"); });
}

void dies(Scene&) {
  rt::os::race_window(rt::Window::startm_id_reserve);
  rt::os::Atomic<int> word{0, {"P#.word", 3}};
  word.store(1, rt::release);
  raise(SIGSEGV);
}

void exits(Scene&) { _exit(9); }

void hangs(Scene& scene) {
  run_main(scene, [] {
    for (;;) rt::os::relax();
  });
}

void two_come_to_marks(Scene& scene) {
  scene.external([&] { scene.mark("here"); }, "first");
  scene.external([&] { scene.mark("there"); }, "second");
  scene.join_external();
}

void shares_an_m(Scene& scene) {
  int m = 0;
  rt::os::set_slot(&m);
  scene.external([&m] { rt::os::set_slot(&m); });
  scene.join_external();
  rt::os::set_slot(nullptr);
}

void hangs_on_purpose(Scene& scene) {
  scene.ledger.stuck_on_purpose.store(true);
  hangs(scene);
}

void chatters(Scene&) {
  for (int i = 0; i < 10'000; ++i) std::fputs("0123456789\n", stderr);
  std::fputs("the end\n", stderr);
  _exit(9);
}

const RegisteredWorkload registered[] = {
    RegisteredWorkload({"t_ends_well", "", Judges::scheduler, body_of<ends_well>}),
    RegisteredWorkload({"t_claims", "", Judges::scheduler, body_of<claims>}),
    RegisteredWorkload({"t_leaves_a_wait_open", "", Judges::scheduler, body_of<leaves_a_wait_open>}),
    RegisteredWorkload({"t_deadlocks", "", Judges::scheduler, body_of<deadlocks>}),
    RegisteredWorkload({"t_deadlocks_on_purpose", "", Judges::scheduler, body_of<deadlocks_on_purpose>}),
    RegisteredWorkload({"t_breaks_an_invariant", "", Judges::scheduler, body_of<breaks_an_invariant>}),
    RegisteredWorkload({"t_dies", "", Judges::scheduler, body_of<dies>}),
    RegisteredWorkload({"t_exits", "", Judges::scheduler, body_of<exits>}),
    RegisteredWorkload({"t_hangs", "", Judges::scheduler, body_of<hangs>}),
    RegisteredWorkload({"t_hangs_on_purpose", "", Judges::scheduler, body_of<hangs_on_purpose>}),
    RegisteredWorkload({"t_chatters", "", Judges::scheduler, body_of<chatters>}),
    RegisteredWorkload({"t_shares_an_m", "", Judges::scheduler, body_of<shares_an_m>}),
    RegisteredWorkload({"t_followed", "", Judges::scheduler, body_of<two_come_to_marks>,
                        "hold first at @here until second reaches @there"}),
    RegisteredWorkload({"t_not_followed", "", Judges::scheduler, body_of<two_come_to_marks>,
                        "hold first at @here until second reaches @nowhere limit 1 s"}),
};

HuntRequest request_for(const std::string& workload) {
  HuntRequest request;
  request.workloads = {workload};
  request.schedules = 1;
  request.noise = "swarm";
  request.hang_seconds = 60;
  return request;
}

// One run of it.
Record record_of(const HuntRequest& request) {
  const Replay replayed = replay({.plan = hunt_plan(request, 0), .hang_seconds = request.hang_seconds}, nullptr);
  EXPECT_EQ(replayed.times, 1u);
  EXPECT_EQ(replayed.failures, replayed.record.failed() ? 1u : 0u);
  return replayed.record;
}

Record record_of(const std::string& workload) { return record_of(request_for(workload)); }

bool shows(const Record& record, const std::string& what) {
  return std::any_of(record.trace.begin(), record.trace.end(),
                     [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

void expect_failed(const Record& record, const char* oracle, const std::string& says) {
  ASSERT_TRUE(record.failed());
  EXPECT_EQ(number_of(record.failure), oracle);
  EXPECT_NE(sentence_of(record.failure).find(says), std::string::npos) << sentence_of(record.failure);
}

TEST(NativeRun, ThatEndsPasses) {
  const Record record = record_of("t_ends_well");
  EXPECT_FALSE(record.failed()) << sentence_of(record.failure) << record.detail;
  EXPECT_EQ(record.parameters.at("size"), 7);
  EXPECT_TRUE(record.trace.empty());
}

TEST(NativeRun, WhatTheSceneClaimsIsTold) {
  const Record record = record_of("t_claims");
  expect_failed(record, "O7", "a claim of two lines");
  EXPECT_EQ(record.failure->invariant, "a claim");
  EXPECT_EQ(record.parameters.at("size"), 7);
  EXPECT_FALSE(record.last_windows.empty());
}

TEST(NativeRun, OraclesJudgeItsEnd) {
  expect_failed(record_of("t_leaves_a_wait_open"), "O7", "0 waits ended, 1 were begun");
}

TEST(NativeRun, ADeadlockIsAFindingUnlessItIsMeant) {
  EXPECT_FALSE(record_of("t_deadlocks_on_purpose").failed());
  expect_failed(record_of("t_deadlocks"), "O1", "all Gs are asleep");
}

TEST(NativeRun, ABrokenInvariantIsAFinding) {
  expect_failed(record_of("t_breaks_an_invariant"), "O6", "two and two are five");
}

// Nothing in the process has time to say anything.
TEST(NativeRun, ACrashLeavesItsLastOperations) {
  const Record record = record_of("t_dies");
  expect_failed(record, "O12", "");
  EXPECT_TRUE(record.crashed);
  EXPECT_TRUE(shows(record, "main#1       window          startm_id_reserve (1.1)"));
  EXPECT_TRUE(shows(record, "harness/native/backend_test.cc:"));
  EXPECT_TRUE(shows(record, "store release   P3.word "));
}

TEST(NativeRun, AnExitOfItsOwnIsAFinding) {
  expect_failed(record_of("t_exits"), "O12", "the process exited with status 9");
}

TEST(NativeRun, AHangSaysWhereItHangs) {
  HuntRequest request = request_for("t_hangs");
  request.hang_seconds = 1;
  const Record record = record_of(request);
  expect_failed(record, "O4", "the run does not end; SCHED gomaxprocs=2");
  EXPECT_TRUE(shows(record, "relax        "));
  request.workloads = {"t_hangs_on_purpose"};
  expect_failed(record_of(request), "O2", "the run does not end");
}

TEST(NativeRun, TwoThreadsThatShareAnMAreAFinding) {
  expect_failed(record_of("t_shares_an_m"), "O16", "hold the same M");
}

TEST(NativeRun, AScriptThatIsNotFollowedIsNoPass) {
  EXPECT_FALSE(record_of("t_followed").failed());
  const Record record = record_of("t_not_followed");
  expect_failed(record, "O23", "@nowhere");
  EXPECT_EQ(record.failure->invariant, script_is_followed);
}

TEST(NativeRun, TheEndOfWhatItPrintedIsKept) {
  const Record record = record_of("t_chatters");
  EXPECT_TRUE(record.detail.ends_with("the end\n"));
  EXPECT_LT(record.detail.size(), 10'000u);
}

// The parent reads what a process has left that may have written anywhere.
TEST(NativeTraceLeft, AnythingIsReadable) {
  auto shared = std::make_unique<NativeShared>();
  char heap[] = "P#.word";
  const rt::engine::ObjectId object = shared->trace.add_name({heap, 3});
  shared->trace.note(rt::engine::Op{.kind = rt::engine::OpKind::load, .object = object});
  const Ending killed = {.status = SIGKILL};
  EXPECT_TRUE(shows(judge_native(killed, {}, *shared), "load relaxed    #1 "));
  std::memset(static_cast<void*>(&shared->trace), 0xab, sizeof shared->trace);
  EXPECT_TRUE(shows(judge_native(killed, {}, *shared), "  ?:"));
}

// What a broken process says is taken for no more than it is.
TEST(NativeJudge, NonsenseIsACrash) {
  auto shared = std::make_unique<NativeShared>();
  const std::vector<std::string> said = {"",    "finding", "finding\tO99\tx\ty", "window\tm#2\tnowhere", "parameter\tx",
                                         "?\t?"};
  const Record record = judge_native({.status = SIGSEGV}, said, *shared);
  expect_failed(record, "O12", "SIGSEGV");
  EXPECT_TRUE(record.last_windows.empty());
}

TEST(NativeHunt, RunsWhatItIsAskedToInOneProcessEach) {
  HuntRequest request = request_for("t_ends_well");
  request.schedules = 10;
  request.jobs = 2;
  const BatchResult result = hunt(request, nullptr);
  EXPECT_EQ(result.tally.schedules, 10u);
  EXPECT_EQ(result.tally.failures, 0u);
  EXPECT_GT(result.tally.decisions, 0u);
  EXPECT_TRUE(result.tally.entered.has(rt::Window::execute_m_before_status)) << "which no run of a G avoids";
  EXPECT_TRUE(result.ended);
}

TEST(NativeHunt, WithoutNoiseNobodyIsHeld) {
  HuntRequest request = request_for("t_ends_well");
  request.noise = "none";
  EXPECT_EQ(hunt(request, nullptr).tally.decisions, 0u);
}

TEST(NativeHunt, EndsWhenEnoughHaveFailed) {
  HuntRequest request = request_for("t_claims");
  request.schedules = 100;
  request.enough = 3;
  const BatchResult result = hunt(request, nullptr);
  EXPECT_EQ(result.tally.failures, 3u);
  ASSERT_EQ(result.findings.size(), 1u) << "where threads stand tells nothing apart";
  EXPECT_EQ(result.findings[0].count, 3u);
}

TEST(NativeHunt, ATokenCarriesAnyPolicy) {
  HuntRequest request = request_for("t_ends_well");
  request.noise = "startm*=sleep:50us..1ms@10%,windows=yield@1/3,budget=20ms";
  const Plan plan = hunt_plan(request, 3);
  const ParsedToken token = parse_token(to_token(plan));
  ASSERT_TRUE(token.plan) << token.error.message;
  EXPECT_EQ(*token.plan, plan);
}

TEST(NativeHunt, PlansOfTheSimulationAreRefused) {
  Plan plan = hunt_plan(request_for("t_ends_well"), 0);
  EXPECT_NO_THROW(backend().check(plan));
  plan.flavour = simulated_flavour.in_plans;
  EXPECT_THROW(backend().check(plan), ImpossibleError);
  plan.flavour = native_flavour.in_plans;
  plan.lifted = "S5a";  // a patch
  EXPECT_THROW(backend().check(plan), ImpossibleError);
  plan.lifted = "";
  plan.strategy = "random";
  EXPECT_THROW(backend().check(plan), UsageError);
}

}  // namespace
}  // namespace jitterbug
