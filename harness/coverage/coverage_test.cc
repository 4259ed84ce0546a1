// Levels of coverage: on logs written by hand, and on a toy that reaches each level.

#include "harness/coverage/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/campaign/hunt.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/strategy.h"
#include "harness/toys/toys.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::OpKind;

constexpr Window a = toy_level_windows[0], b = toy_level_windows[1];

// Picks whom it is told to.
struct Scripted final : Strategy {
  ThreadId next = 0;
  void begin(std::uint64_t) override {}
  Pick pick(const Situation&) override { return {next}; }
  std::uint32_t choose(Question, std::uint32_t) override { return 0; }
};

// A log that is told what threads do. A thread has performed what it does when it
// does the next thing, or when it is said to have blocked.
struct Written {
  Scripted script;
  WindowLog log;
  CoverageAnalysis analysis;
  ThreadId current = 0;

  Written() {
    log.around(script);
    for (const ThreadId thread : {0, 1}) log.thread_started(thread, 0, "toy");
  }
  void turn_to(ThreadId thread, bool current_runnable = true) {
    script.next = thread;
    log.pick({{}, current, current_runnable, false, false, 0});
    current = thread;
  }
  void at(ThreadId thread, Window window) { announce(thread, Op{OpKind::window, window}); }
  void does(ThreadId thread, OpKind kind, rt::engine::ObjectId object) {
    announce(thread, Op{.kind = kind, .object = object});
  }
  void announce(ThreadId thread, const Op& op) {
    if (thread != current) turn_to(thread);
    log.announces(thread, op);
  }
  // What it announced last is performed.
  void moves_on(ThreadId thread) { does(thread, OpKind::relax, 0); }
  void blocks(ThreadId thread) { turn_to(1 - thread, false); }
  const RunCoverage& close() {
    log.close();
    return analysis.analyse(log);
  }
};

bool has(const RunCoverage& run, Window first, Window second) {
  return std::find(run.orders.begin(), run.orders.end(), std::pair(first, second)) != run.orders.end();
}

TEST(WindowLog, AStretchEndsAtTheNextWindowAndAfterEightAccesses) {
  Written w;
  for (rt::engine::ObjectId i = 1; i <= 20; ++i) w.does(0, OpKind::load, i);
  w.at(0, a);
  w.does(0, OpKind::load, 21);
  w.at(0, b);
  for (rt::engine::ObjectId i = 22; i <= 41; ++i) w.does(0, OpKind::load, i);
  w.moves_on(0);
  w.log.close();
  ASSERT_EQ(w.log.accesses().size(), 41u);
  ASSERT_EQ(w.log.passages().size(), 2u);
  EXPECT_EQ(w.log.passages()[0].first(), 12u);
  EXPECT_EQ(w.log.passages()[0].end(), 21u);
  EXPECT_EQ(w.log.passages()[1].first(), 20u);
  EXPECT_EQ(w.log.passages()[1].end(), 29u);
}

TEST(WindowLog, KindsOfObjectsAndObjectsWithoutANumberAreToldApart) {
  Written w;
  w.does(0, OpKind::load, 5);
  w.does(0, OpKind::poll_wake, 5);
  w.does(0, OpKind::file_write, 5);
  w.does(0, OpKind::file_write, 6);
  w.does(0, OpKind::load, 0);
  w.does(0, OpKind::fence, 0);
  w.moves_on(0);
  const auto& accesses = w.log.accesses();
  ASSERT_EQ(accesses.size(), 4u);
  EXPECT_NE(accesses[0].object, accesses[1].object);
  EXPECT_NE(accesses[1].object, accesses[2].object);
  EXPECT_EQ(accesses[2].object, accesses[3].object) << "both ends of a pipe";
}

TEST(WindowLog, AStrategyThatWatchesSeesWhatTheLogSees) {
  Scripted script;
  PilotRun pilot(script);
  WindowLog log;
  log.around(pilot);
  log.thread_started(0, 0, "toy");
  log.announces(0, Op{.kind = OpKind::load, .object = 1});
  log.announces(0, Op{OpKind::window, a});
  EXPECT_EQ(pilot.seen().steps, 2u);
  EXPECT_EQ(pilot.seen().threads.at(0).role, "toy");
}

// Thread 0 stands at `a` between two operations on word 1 while thread 1 does one.
bool conflicts(OpKind before, OpKind inside, OpKind after, rt::engine::ObjectId object_inside = 1) {
  Written w;
  w.does(0, before, 1);
  w.at(0, a);
  w.does(1, inside, object_inside);
  w.moves_on(1);
  w.does(0, after, 1);
  w.moves_on(0);
  return w.close().conflicted.has(a);
}

TEST(Conflict, NeedsAWriteAndTheSameObject) {
  EXPECT_TRUE(conflicts(OpKind::load, OpKind::store, OpKind::load));
  EXPECT_TRUE(conflicts(OpKind::load, OpKind::load, OpKind::store)) << "uses next";
  EXPECT_TRUE(conflicts(OpKind::store, OpKind::load, OpKind::load)) << "used before";
  EXPECT_TRUE(conflicts(OpKind::load, OpKind::rmw, OpKind::futex_wait));
  EXPECT_TRUE(conflicts(OpKind::load, OpKind::futex_wake, OpKind::futex_wait));
  EXPECT_FALSE(conflicts(OpKind::load, OpKind::load, OpKind::load));
  EXPECT_FALSE(conflicts(OpKind::rmw, OpKind::store, OpKind::rmw, 2));
}

TEST(Conflict, WhatIsAnnouncedInsideAndPerformedLaterIsNone) {
  Written w;
  w.does(0, OpKind::load, 1);
  w.at(0, a);
  w.does(1, OpKind::store, 1);
  w.does(0, OpKind::load, 1);  // leaves the window before thread 1 moves on
  w.moves_on(0);
  w.moves_on(1);
  EXPECT_FALSE(w.close().conflicted.has(a));
}

TEST(Conflict, AThreadThatBlocksOrEndsHasPerformedItsLastOperation) {
  for (const bool asked : {true, false}) {
    Written w;
    w.does(0, OpKind::load, 1);
    w.at(0, a);
    w.does(1, OpKind::store, 1);
    if (asked) w.blocks(1);
    w.log.announces(0, Op{.kind = OpKind::load, .object = 1});
    w.log.announces(0, {OpKind::relax});
    EXPECT_TRUE(w.close().conflicted.has(a)) << asked;
  }
}

TEST(Conflict, WhatIsAnnouncedEarlierAndPerformedInsideIsOne) {
  Written w;
  w.does(1, OpKind::store, 1);
  w.does(0, OpKind::load, 1);
  w.at(0, a);
  w.moves_on(1);
  w.moves_on(0);
  EXPECT_TRUE(w.close().conflicted.has(a));
}

TEST(Orders, AreThoseOfConflictingAccessesInStretches) {
  Written w;
  w.at(0, a);
  w.does(0, OpKind::store, 1);
  w.moves_on(0);
  w.does(1, OpKind::load, 1);
  w.at(1, b);
  w.moves_on(1);
  const RunCoverage& run = w.close();
  EXPECT_TRUE(has(run, a, b));
  EXPECT_FALSE(has(run, b, a));
  EXPECT_EQ(run.orders.size(), 1u);
}

TEST(Orders, ReadersComeBeforeAndAfterWriters) {
  Written w;
  w.at(0, a);
  w.does(0, OpKind::load, 1);
  w.at(1, b);
  w.does(1, OpKind::load, 1);
  w.does(1, OpKind::store, 1);
  w.does(0, OpKind::load, 1);
  w.moves_on(0);
  w.moves_on(1);
  const RunCoverage& run = w.close();
  EXPECT_TRUE(has(run, a, b));
  EXPECT_FALSE(has(run, b, a)) << "the second load came before the store was performed";
}

TEST(Orders, NothingIsLeftOfTheRunBefore) {
  Written w;
  w.at(0, a);
  w.does(0, OpKind::store, 1);
  w.moves_on(0);
  w.at(1, b);
  w.does(1, OpKind::store, 1);
  w.moves_on(1);
  EXPECT_EQ(w.close().orders.size(), 1u);
  w.log.around(w.script);
  w.current = 0;
  w.at(1, b);
  w.moves_on(1);
  const RunCoverage& next = w.close();
  EXPECT_TRUE(next.orders.empty());
  EXPECT_EQ(next.conflicted, WindowSet{});
}

BatchResult cover(const std::string& workload, int jobs, bool coverage = true) {
  HuntRequest request;
  request.workloads = {workload};
  request.schedules = 400;
  request.jobs = jobs;
  request.storm_steps = 2'000;
  request.coverage = coverage;
  return hunt(request, nullptr);
}

TEST(Coverage, AToyReachesEachLevelAndNoFurther) {
  const Coverage coverage = cover("toy_levels", 2).coverage;
  ASSERT_EQ(coverage.windows.size(), window_count);
  const auto level = [&](int i) {
    const WindowCoverage& w = coverage.windows[static_cast<std::size_t>(toy_level_windows[i])];
    EXPECT_EQ(w.entered, 400u) << i;
    return std::tuple(w.switched > 0, w.conflicted > 0, w.pairs, w.pairs_in_both);
  };
  EXPECT_EQ(level(0), std::tuple(false, false, 0u, 0u));
  EXPECT_EQ(level(1), std::tuple(true, false, 0u, 0u));
  EXPECT_EQ(level(2), std::tuple(true, true, 0u, 0u));
  // Alone but for the thread that waits for them.
  EXPECT_EQ(level(3), std::tuple(true, false, 1u, 0u));
  EXPECT_EQ(level(4), std::tuple(true, false, 1u, 0u));
  EXPECT_EQ(level(5), std::tuple(true, true, 1u, 1u));
  EXPECT_EQ(level(6), std::tuple(true, true, 1u, 1u));
  ASSERT_EQ(coverage.pairs.size(), 2u);
  for (const PairCoverage& pair : coverage.pairs) {
    const bool ordered = pair.first == std::min(toy_level_windows[3], toy_level_windows[4]);
    EXPECT_EQ(pair.both(), !ordered);
    if (!ordered) continue;
    EXPECT_GT(pair.first == toy_level_windows[3] ? pair.forward : pair.backward, 350u);
  }
}

TEST(Coverage, AWindowThatRacesWithItselfHasBothOrders) {
  const Coverage coverage = cover("toy_lost", 1).coverage;
  const WindowCoverage& window = coverage.windows[static_cast<std::size_t>(Window::startm_id_reserve)];
  EXPECT_GT(window.conflicted, 0u);
  EXPECT_EQ(window.pairs, 1u);
  EXPECT_EQ(window.pairs_in_both, 1u);
}

TEST(Coverage, JobsSeeWhatOneSees) {
  const Coverage alone = cover("toy_levels", 1).coverage, together = cover("toy_levels", 3).coverage;
  for (std::size_t i = 0; i < window_count; ++i) {
    EXPECT_EQ(alone.windows[i].switched, together.windows[i].switched);
    EXPECT_EQ(alone.windows[i].conflicted, together.windows[i].conflicted);
  }
  ASSERT_EQ(alone.pairs.size(), together.pairs.size());
  for (std::size_t i = 0; i < alone.pairs.size(); ++i) {
    EXPECT_EQ(alone.pairs[i].forward, together.pairs[i].forward);
    EXPECT_EQ(alone.pairs[i].backward, together.pairs[i].backward);
  }
}

TEST(Coverage, LookingChangesNothing) {
  const BatchResult plain = cover("toy_lost", 1, false), watched = cover("toy_lost", 1, true);
  EXPECT_EQ(plain.tally.decisions, watched.tally.decisions);
  EXPECT_TRUE(plain.coverage.windows.empty());
  ASSERT_EQ(plain.findings.size(), watched.findings.size());
  for (std::size_t i = 0; i < plain.findings.size(); ++i) {
    EXPECT_EQ(plain.findings[i].record, watched.findings[i].record) << "digests included";
  }
}

}  // namespace
}  // namespace jitterbug
