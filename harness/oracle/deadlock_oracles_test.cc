// O1, O2, O3, O4: who waits for whom, and whether somebody notices.

#include <gtest/gtest.h>

#include "harness/oracle/fake_evidence.h"

namespace jitterbug::testing {
namespace {

constexpr const char* asleep = "all Gs are asleep: deadlock";

TEST(FalseDeadlock, ReportWhileAGIsRunnableIsAFinding) {
  const auto oracle = make_oracle("O1");
  FakeEvidence e;
  e.book.stuck_on_purpose = true;
  e.snap.gs = {{0, rt::GStatus::waiting, -1, false}, {4, rt::GStatus::runnable, -1, false}};
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::deadlock, asleep);
  EXPECT_EQ(verdict.oracle, "O1");
  EXPECT_NE(verdict.sentence.find("G4 is runnable"), std::string::npos) << verdict.sentence;
}

TEST(FalseDeadlock, ReportWhileTheWorkloadIsNotStuckIsAFinding) {
  const auto oracle = make_oracle("O1");
  FakeEvidence e;
  e.snap.gs = {{0, rt::GStatus::waiting, -1, false}};
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::deadlock, asleep);
  EXPECT_EQ(verdict.oracle, "O1");
}

TEST(FalseDeadlock, CheckThatContradictsItselfIsAFindingEvenIfAllIsStuckNow) {
  const auto oracle = make_oracle("O1");
  FakeEvidence e;
  e.book.stuck_on_purpose = true;
  e.snap.gs = {{0, rt::GStatus::waiting, -1, false}};
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::miscounted, "check_dead: a G is runnable and no M runs");
  EXPECT_EQ(verdict.oracle, "O1");
}

TEST(FalseDeadlock, TrueDeadlockIsAccepted) {
  const auto oracle = make_oracle("O1");
  FakeEvidence e;
  e.book.stuck_on_purpose = true;
  e.snap.gs = {{0, rt::GStatus::waiting, -1, false}, {1, rt::GStatus::runnable, -1, true}};  // G1 is the runtime's
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::deadlock, asleep);
  EXPECT_TRUE(verdict.accepted) << verdict.sentence;
}

TEST(FalseDeadlock, OtherReasonsToGiveUpAreNotItsSubject) {
  const auto oracle = make_oracle("O1");
  FakeEvidence e;
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::thread_exhaustion, "too many");
  EXPECT_FALSE(verdict.decided());
}

TEST(MissedDeadlock, SilenceAboutADeadlockIsAFinding) {
  const auto oracle = make_oracle("O2");
  FakeEvidence e;
  e.in_calm = true;
  e.book.stuck_on_purpose = true;
  FakeVerdict verdict;
  oracle->audit(e, verdict);
  e.pass(500'000);
  oracle->audit(e, verdict);
  EXPECT_EQ(verdict.oracle, "O2");
}

TEST(MissedDeadlock, DeadWorldIsAFindingAtOnce) {
  const auto oracle = make_oracle("O2");
  FakeEvidence e;
  e.book.stuck_on_purpose = true;
  FakeVerdict verdict;
  oracle->world_dead(e, verdict);
  EXPECT_EQ(verdict.oracle, "O2");
}

TEST(MissedDeadlock, IsPatientInAStormAndSilentWithoutADeadlock) {
  const auto oracle = make_oracle("O2");
  FakeEvidence e;
  e.book.stuck_on_purpose = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 100, 10'000);  // a storm is not fair
  e.in_calm = true;
  e.book.stuck_on_purpose = false;
  watch(*oracle, e, verdict, 100, 10'000);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

TEST(WorkConservation, QueuedGBesideAnIdlePIsAFinding) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_EQ(verdict.oracle, "O3");
  EXPECT_NE(verdict.sentence.find("1 runnable Gs wait beside 1 idle Ps"), std::string::npos) << verdict.sentence;
}

TEST(WorkConservation, OneLookIsNotEnough) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  FakeVerdict verdict;
  e.pass(50);
  oracle->audit(e, verdict);
  EXPECT_FALSE(verdict.decided());
}

// What makes the same picture a moment of a working scheduler.
struct Excuse {
  const char* name;
  void (*apply)(FakeEvidence& e);
};

class WorkConservationExcuse : public ::testing::TestWithParam<Excuse> {};

TEST_P(WorkConservationExcuse, IsRespected) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  GetParam().apply(e);
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  oracle->world_dead(e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

INSTANTIATE_TEST_SUITE_P(
    All, WorkConservationExcuse,
    ::testing::Values(Excuse{"SomebodySpins", [](FakeEvidence& e) { e.snap.counters.nmspinning = 1; }},
                      Excuse{"NoPIsIdle",
                             [](FakeEvidence& e) {
                               e.snap.counters.npidle = 0;
                               e.snap.ps[1] = {1, rt::PStatus::syscall, -1, 0, false};
                             }},
                      Excuse{"TheLockIsHeld", [](FakeEvidence& e) { e.snap.counters.lock_free = false; }},
                      Excuse{"TheOwnerIsInTheScheduler", [](FakeEvidence& e) { e.snap.ms[0].in_user_code = false; }},
                      Excuse{"AnMIsOnItsWay", [](FakeEvidence& e) { e.snap.ms[1].idle = false; }},
                      Excuse{"SysmonIsAwake", [](FakeEvidence& e) { e.blocked.clear(); }},
                      Excuse{"APIsInSomebodysHands",
                             [](FakeEvidence& e) { e.snap.ps.push_back({2, rt::PStatus::idle, -1, 1, false}); }}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(WorkConservation, GsOfTheRuntimeAreToBeRunAsWell) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  e.snap.gs[1].system = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_EQ(verdict.oracle, "O3");
}

TEST(WorkConservation, SysmonThatNeverSleepsHidesNothingInTheCalm) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  e.blocked.clear();
  e.in_calm = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 31);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  watch(*oracle, e, verdict, 1);
  EXPECT_EQ(verdict.oracle, "O3");
}

TEST(WorkConservation, WorkMayWaitForAThreadButNotToTheEnd) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  e.refused = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  oracle->steps_exhausted(e, verdict);
  EXPECT_EQ(verdict.oracle, "O3");
}

TEST(WorkConservation, RefusedThreadIsMadeUpForInTheCalm) {
  const auto oracle = make_oracle("O3");
  FakeEvidence e;
  e.queue_g();
  e.refused = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 1);
  e.in_calm = true;
  watch(*oracle, e, verdict, 20, 1'000);
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
  watch(*oracle, e, verdict, 20, 1'000);
  EXPECT_EQ(verdict.oracle, "O3");
}

TEST(Progress, StandstillInTheCalmIsAFinding) {
  const auto oracle = make_oracle("O4");
  FakeEvidence e;
  e.in_calm = true;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 50, 1'000);
  EXPECT_EQ(verdict.oracle, "O4");
}

TEST(Progress, EndsWithoutAnEndAreFindings) {
  const auto oracle = make_oracle("O4");
  FakeEvidence e;
  FakeVerdict dead;
  oracle->world_dead(e, dead);
  EXPECT_EQ(dead.oracle, "O4");
  FakeVerdict exhausted;
  oracle->steps_exhausted(e, exhausted);
  EXPECT_EQ(exhausted.oracle, "O4");
}

TEST(Progress, StormAndSlowProgressAreNot) {
  const auto oracle = make_oracle("O4");
  FakeEvidence e;
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 50, 1'000);
  e.in_calm = true;
  for (int i = 0; i < 10; ++i) {
    e.book.progress.fetch_add(1);
    watch(*oracle, e, verdict, 15, 1'000);
  }
  EXPECT_FALSE(verdict.decided()) << verdict.sentence;
}

}  // namespace
}  // namespace jitterbug::testing
