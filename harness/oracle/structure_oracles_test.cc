// O6, O13, and the set of oracles as a whole.

#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/fake_evidence.h"

namespace jitterbug::testing {
namespace {

std::string first_finding(FakeEvidence& e) {
  const auto oracle = make_oracle("O6");
  FakeVerdict verdict;
  watch(*oracle, e, verdict, 4, 200);
  EXPECT_TRUE(verdict.oracle.empty() || verdict.oracle == "O6");
  return verdict.sentence;
}

TEST(Ownership, TwoMsWithOnePAreAFinding) {
  FakeEvidence e;
  e.snap.ms[1] = {1, 0, -1, false, false, false, -1};
  EXPECT_EQ(first_finding(e).find("M0 and M1 both hold P0"), 0u);
}

TEST(Ownership, TwoMsWithOneGAreAFinding) {
  FakeEvidence e;
  e.snap.ms[1] = {1, -1, 0, false, false, false, -1};
  EXPECT_EQ(first_finding(e).find("M0 and M1 both run G0"), 0u);
}

TEST(Ownership, PThatBelongsToAnMWithoutItIsAFindingOnceItIsSettled) {
  FakeEvidence e;
  e.snap.ms[0].p = -1;
  EXPECT_EQ(first_finding(e).find("P0 belongs to M0, which holds P-1"), 0u);
  e.snap.ms[0].in_user_code = false;
  EXPECT_EQ(first_finding(e), "");
}

TEST(Ownership, MWithAPThatIsNotItsOwnIsAFinding) {
  FakeEvidence e;
  e.snap.ms[0].p = 1;
  e.snap.ps[0] = {0, rt::PStatus::syscall, -1, 0, false};
  EXPECT_EQ(first_finding(e).find("M0 holds P1, which belongs to M-1"), 0u);
}

TEST(Ownership, RunningGWithoutAnMIsAFinding) {
  FakeEvidence e;
  e.snap.gs.push_back({5, rt::GStatus::running, -1, false});
  EXPECT_EQ(first_finding(e).find("G5 runs on no M"), 0u);
}

TEST(Ownership, SchedulerAtRestIsFine) {
  FakeEvidence e;
  EXPECT_EQ(first_finding(e), "");
}

TEST(Ownership, FailedCheckOfTheSchedulerIsAFinding) {
  const auto oracle = make_oracle("O6");
  FakeEvidence e;
  FakeVerdict verdict;
  oracle->fatal(e, verdict, rt::Fatal::broken_invariant, "an M has one P at a time");
  EXPECT_EQ(verdict.oracle, "O6");
  FakeVerdict other;
  oracle->fatal(e, other, rt::Fatal::deadlock, "all Gs are asleep: deadlock");
  EXPECT_FALSE(other.decided());
}

TEST(Ownership, RefusalThatTheMachineHasNotGivenIsAFinding) {
  const auto oracle = make_oracle("O6");
  FakeEvidence e;
  for (const rt::Fatal kind : {rt::Fatal::out_of_memory, rt::Fatal::refused}) {
    FakeVerdict verdict;
    oracle->fatal(e, verdict, kind, "no memory for the stack of G 7 (64 KiB)");
    EXPECT_EQ(verdict.oracle, "O6");
    EXPECT_NE(verdict.sentence.find("what the machine grants: no memory for the stack of G 7"), std::string::npos);
  }
}

TEST(LockUse, MisuseIsAFinding) {
  const auto oracle = make_oracle("O13");
  FakeVerdict verdict;
  oracle->lock_misused(verdict, 2, "released by a thread that does not hold it");
  EXPECT_EQ(verdict.oracle, "O13");
  EXPECT_NE(verdict.sentence.find("thread 2"), std::string::npos);
}

TEST(LockUse, AuditsAreSilent) {
  const auto oracle = make_oracle("O13");
  FakeEvidence e;
  FakeVerdict verdict;
  watch(*oracle, e, verdict);
  EXPECT_FALSE(verdict.decided());
}

TEST(ResourceUse, MisuseIsAFindingInTheWordsOfTheMachine) {
  const auto oracle = make_oracle("O19");
  FakeVerdict verdict;
  oracle->resource_misused(verdict, "m#3 reads from descriptor 5, which is closed");
  EXPECT_EQ(verdict.oracle, "O19");
  EXPECT_EQ(verdict.sentence, "m#3 reads from descriptor 5, which is closed");
}

// The campaign judges a process that dies, the scene what its oracles leave.
TEST(Oracles, EachPropertyHasAJudge) {
  std::set<OracleId> judged = {OracleId::crash, OracleId::harness};
  for (const Judges judges : {Judges::scheduler, Judges::program}) {
    std::set<OracleId> ids;
    for (const OracleInfo* info : oracles_of(judges)) {
      EXPECT_TRUE(ids.insert(info->id).second) << to_string(info->id) << " is registered twice";
      EXPECT_FALSE(info->invariants.empty()) << to_string(info->id);
    }
    judged.merge(ids);
  }
  for (const OracleName& name : oracle_names()) EXPECT_TRUE(judged.contains(name.id)) << name.name;
}

// No oracle may take a resting scheduler, or the one next to it, for a finding.
TEST(Oracles, NoneFiresAtRest) {
  for (const bool calm : {false, true}) {
    FakeEvidence e;
    e.in_calm = calm;
    FakeVerdict verdict;
    for (const OracleInfo* info : oracles_of(Judges::scheduler)) watch(*info->make(), e, verdict, 20, 20);
    EXPECT_FALSE(verdict.decided()) << verdict.oracle << ": " << verdict.sentence;
  }
}

}  // namespace
}  // namespace jitterbug::testing
