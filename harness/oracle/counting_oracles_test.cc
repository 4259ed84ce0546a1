// O5, O7, O14, O15, O16: counts that must agree.

#include <gtest/gtest.h>

#include "harness/oracle/fake_evidence.h"

namespace jitterbug::testing {
namespace {

struct Spoiled {
  const char* word;
  void (*spoil)(rt::Counters& c);
};

std::string name_of(const ::testing::TestParamInfo<Spoiled>& instance) { return instance.param.word; }

class OutOfRange : public ::testing::TestWithParam<Spoiled> {};

TEST_P(OutOfRange, IsAFindingAtTheFirstLook) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.snap.counters.lock_free = false;
  GetParam().spoil(e.snap.counters);
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  EXPECT_EQ(verdict.oracle, "O5");
  EXPECT_EQ(verdict.sentence.find(GetParam().word), 0u) << verdict.sentence;
}

INSTANTIATE_TEST_SUITE_P(Counters, OutOfRange,
                         ::testing::Values(Spoiled{"nmspinning", [](rt::Counters& c) { c.nmspinning = -1; }},
                                           Spoiled{"npidle", [](rt::Counters& c) { c.npidle = 3; }},
                                           Spoiled{"nmidle", [](rt::Counters& c) { c.nmidle = -1; }},
                                           Spoiled{"extra_length", [](rt::Counters& c) { c.extra_length = -1; }},
                                           Spoiled{"extra_in_use", [](rt::Counters& c) { c.extra_in_use = 1; }},
                                           Spoiled{"global_queue", [](rt::Counters& c) { c.global_queue = -1; }}),
                         name_of);

class OffWhenSettled : public ::testing::TestWithParam<Spoiled> {};

TEST_P(OffWhenSettled, IsAFinding) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  GetParam().spoil(e.snap.counters);
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_EQ(verdict.oracle, "O5");
  EXPECT_EQ(verdict.sentence.find(GetParam().word), 0u) << verdict.sentence;
}

TEST_P(OffWhenSettled, IsNoneWhileSomebodyIsInTheScheduler) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  GetParam().spoil(e.snap.counters);
  e.snap.ms[0].in_user_code = false;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

INSTANTIATE_TEST_SUITE_P(Counters, OffWhenSettled,
                         ::testing::Values(Spoiled{"nmspinning", [](rt::Counters& c) { c.nmspinning = 1; }},
                                           Spoiled{"npidle", [](rt::Counters& c) { c.npidle = 0; }},
                                           Spoiled{"nmidle", [](rt::Counters& c) { c.nmidle = 0; }},
                                           Spoiled{"nmidlelocked", [](rt::Counters& c) { c.nmidlelocked = 1; }},
                                           Spoiled{"mcount", [](rt::Counters& c) { c.mcount = 5; }}),
                         name_of);

TEST(QuiescentCounters, LeftoversWhenRunHasReturnedAreFindings) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.snap.counters.extra_created = 1;
  e.snap.counters.extra_in_use = 1;
  FakeVerdict verdict;
  oracle->at_end(e, verdict);
  EXPECT_EQ(verdict.oracle, "O5");
}

TEST(QuiescentCounters, ThreadThatOutlivesRunIsAFinding) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.live = {{"main", 1}, {"m", 1}};
  FakeVerdict verdict;
  oracle->at_end(e, verdict);
  EXPECT_EQ(verdict.oracle, "O5");
}

// Where sysmon never sleeps no moment is settled, and what lasts through several of
// its rounds is found all the same; in a storm a round may take arbitrarily long.
TEST(QuiescentCounters, SpinnerThatIsNoneIsFoundBesideAnAwakeSysmonInTheCalm) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.snap.counters.nmspinning = 1;
  e.blocked.clear();
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 60, 200);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  e.in_calm = true;
  watch(*oracle, e, verdict, 20, 200);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  watch(*oracle, e, verdict, 20, 200);
  EXPECT_EQ(verdict.oracle, "O5");
}

TEST(QuiescentCounters, WhatSysmonHoldsChangedForAMomentIsNone) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.snap.counters.nmidlelocked = -1;
  e.blocked.clear();
  e.in_calm = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 60, 200);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

// It has counted itself as running, and its turn for the lock has not come.
TEST(QuiescentCounters, SysmonThatWaitsForALockIsNotAsleep) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  e.snap.counters.nmidlelocked = -1;
  e.blocked = {{rt::engine::OpKind::futex_wait, 1}};
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

TEST(QuiescentCounters, SchedulerAtRestIsFine) {
  const auto oracle = make_oracle("O5");
  FakeEvidence e;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  oracle->world_dead(e, verdict);
  e.live = {{"main", 1}};
  oracle->at_end(e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

TEST(Conservation, GThatRunsTwiceIsAFinding) {
  const auto oracle = make_oracle("O7");
  FakeEvidence e;
  e.book.spawned = 2;
  e.book.begun = 3;
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  EXPECT_EQ(verdict.oracle, "O7");
}

TEST(Conservation, GOrWaitThatIsLostIsAFindingAtTheEndOnly) {
  const auto oracle = make_oracle("O7");
  FakeEvidence e;
  e.book.spawned = 2;
  e.book.begun = 1;
  e.book.ended = 1;
  FakeVerdict early;
  oracle->audit(e, early);
  EXPECT_FALSE(early.decided()) << early.sentence;
  FakeVerdict late;
  oracle->at_end(e, late);
  EXPECT_EQ(late.oracle, "O7");
  FakeEvidence waits;
  waits.book.waits_begun = 1;
  FakeVerdict lost;
  oracle->at_end(waits, lost);
  EXPECT_EQ(lost.oracle, "O7");
}

TEST(Conservation, EverythingOnceIsFine) {
  const auto oracle = make_oracle("O7");
  FakeEvidence e;
  e.book.spawned = 2;
  e.book.begun = 2;
  e.book.ended = 2;
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  oracle->at_end(e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

TEST(Burn, RequestAnsweredTwiceIsAFinding) {
  const auto oracle = make_oracle("O14");
  FakeEvidence e;
  e.snap.counters.spinner_requests = 3;
  e.snap.counters.spinner_answers = 4;
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  EXPECT_EQ(verdict.oracle, "O14");
}

TEST(Burn, SearchesWhileAllIsAsleepAreAFinding) {
  const auto oracle = make_oracle("O14");
  FakeEvidence e;
  e.snap.counters.npidle = 2;
  FakeVerdict verdict;
  for (int i = 0; i < 50; ++i) {
    e.snap.counters.searches += 100;
    watch(*oracle, e, verdict, 1, 10);
  }
  EXPECT_EQ(verdict.oracle, "O14");
}

TEST(Burn, SearchesOfABusySchedulerOrOnTimersAreFine) {
  const auto oracle = make_oracle("O14");
  FakeEvidence e;
  FakeVerdict verdict;
  for (int i = 0; i < 50; ++i) {  // one P is busy
    e.snap.counters.searches += 100;
    watch(*oracle, e, verdict, 1, 10);
  }
  e.snap.counters.npidle = 2;
  for (int i = 0; i < 1'000; ++i) {  // a timer every 20 us
    e.snap.counters.searches += 3;
    watch(*oracle, e, verdict, 1, 20);
  }
  e.snap.counters.spinner_requests = e.snap.counters.spinner_answers = 9;
  oracle->audit(e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

TEST(ThreadLimit, ReportBelowTheLimitIsAFinding) {
  const auto oracle = make_oracle("O15");
  FakeEvidence e;
  e.book.thread_limit = 6;
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::thread_exhaustion, "limit");
  EXPECT_EQ(verdict.oracle, "O15");
}

TEST(ThreadLimit, ThreadsBeyondTheLimitWithoutAReportAreAFinding) {
  const auto oracle = make_oracle("O15");
  FakeEvidence e;
  e.book.thread_limit = 2;
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  EXPECT_EQ(verdict.oracle, "O15");
}

TEST(ThreadLimit, ReportBecauseOfIdsThatWereCountedTwiceIsAFinding) {
  const auto oracle = make_oracle("O15");
  FakeEvidence e;
  e.book.thread_limit = 5;
  e.snap.counters.mcount = 6;
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::thread_exhaustion, "limit");
  EXPECT_EQ(verdict.oracle, "O15");
}

TEST(ThreadLimit, ReportOfTheThreadThatExceedsItIsAccepted) {
  const auto oracle = make_oracle("O15");
  FakeEvidence e;
  e.book.thread_limit = 3;
  FakeVerdict silent;
  oracle->audit(e, silent);
  EXPECT_FALSE(silent.decided()) << silent.sentence;
  e.snap.counters.mcount = 4;
  e.snap.ms[0].in_user_code = false;  // it is about to make the fourth
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::thread_exhaustion, "limit");
  EXPECT_TRUE(verdict.accepted) << verdict.sentence;
}

TEST(Callbacks, ExtraMThatIsNowhereIsAFindingInTheCalm) {
  const auto oracle = make_oracle("O16");
  FakeEvidence e;
  e.snap.counters.extra_created = 2;
  e.snap.counters.extra_length = 1;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  e.in_calm = true;
  watch(*oracle, e, verdict);
  EXPECT_EQ(verdict.oracle, "O16");
}

TEST(Callbacks, UseWithoutACallbackIsAFinding) {
  const auto oracle = make_oracle("O16");
  FakeEvidence e;
  e.in_calm = true;
  e.snap.counters.extra_created = 1;
  e.snap.counters.extra_in_use = 1;
  e.book.callbacks_begun = 3;
  FakeVerdict under_way;
  watch(*oracle, e, under_way);
  EXPECT_FALSE(under_way.decided()) << under_way.sentence;
  e.book.callbacks_ended = 3;
  FakeVerdict over;
  watch(*oracle, e, over);
  EXPECT_EQ(over.oracle, "O16");
}

TEST(Callbacks, CallbackThatNeverReturnedIsAFinding) {
  const auto oracle = make_oracle("O16");
  FakeEvidence e;
  e.book.callbacks_begun = 2;
  e.book.callbacks_ended = 1;
  FakeVerdict verdict;
  oracle->at_end(e, verdict);
  EXPECT_EQ(verdict.oracle, "O16");
}

TEST(Callbacks, SharedMIsAFinding) {
  const auto oracle = make_oracle("O16");
  FakeVerdict verdict;
  oracle->slot_shared(verdict, 3, 4);
  EXPECT_EQ(verdict.oracle, "O16");
}

TEST(Callbacks, AllExtraMsBackOnTheListIsFine) {
  const auto oracle = make_oracle("O16");
  FakeEvidence e;
  e.in_calm = true;
  e.snap.counters.extra_created = 2;
  e.snap.counters.extra_length = 2;
  e.book.callbacks_begun = e.book.callbacks_ended = 5;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  oracle->at_end(e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

}  // namespace
}  // namespace jitterbug::testing
