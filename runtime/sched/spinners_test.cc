// Spinners: each transition of the table in spinners.h, and each race that is drawn there.

#include "runtime/sched/spinners.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"
#include "runtime/sched/idle_ps.h"
#include "runtime/sched/sched.h"

namespace rt {
namespace {

using jitterbug::MachineOptions;
using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

// An M for a scheduler that never runs.
struct OneM {
  Sched sched{{.procs = 1}};
  M m{sched, MKind::worker};
};

// ---- Each transition -----------------------------------------------------------------

class SpinnersTransition : public ::testing::Test {
 protected:
  // What the words are now, and what was counted so far.
  void expect(std::int32_t spinning, bool requested, std::uint64_t requests, std::uint64_t answers) {
    EXPECT_EQ(spinners.count(), spinning);
    EXPECT_EQ(spinners.requested(held), requested);
    EXPECT_EQ(spinners.requests(), requests);
    EXPECT_EQ(spinners.answers(), answers);
  }

  SchedLock lock;
  SchedGuard held{lock};
  OneM one;
  M* mp = &one.m;
  Spinners spinners;
};

TEST_F(SpinnersTransition, RaiseFirstCountsTheFirstOnlyAndLeavesTheRequest) {
  spinners.request(held);
  EXPECT_TRUE(spinners.raise_first());
  EXPECT_FALSE(spinners.raise_first());
  expect(1, true, 1, 0);
}

TEST_F(SpinnersTransition, RaiseFirstAndSearchTakesTheRequestIfItCounts) {
  spinners.request(held);
  EXPECT_TRUE(spinners.raise_first_and_search());
  expect(1, false, 1, 0);
  spinners.request(held);
  EXPECT_FALSE(spinners.raise_first_and_search());
  expect(1, true, 2, 0);
}

TEST_F(SpinnersTransition, BecomeCountsAndTakesTheRequest) {
  spinners.request(held);
  spinners.become(mp);
  EXPECT_TRUE(mp->spinning.get());
  expect(1, false, 1, 0);
}

TEST_F(SpinnersTransition, AnswerIsToBecomeASpinnerBecauseOfARequest) {
  spinners.request(held);
  spinners.answer(held, mp);
  EXPECT_TRUE(mp->spinning.get());
  expect(1, false, 1, 1);
  spinners.request(held);
  spinners.answer(held);
  expect(2, false, 2, 2);
}

TEST_F(SpinnersTransition, StopTakesBecomeBack) {
  spinners.become(mp);
  spinners.request(held);
  spinners.stop(mp);
  EXPECT_FALSE(mp->spinning.get());
  expect(0, true, 1, 0);
}

TEST_F(SpinnersTransition, LowerTakesRaiseFirstBack) {
  EXPECT_TRUE(spinners.raise_first());
  spinners.request(held);
  spinners.lower();
  expect(0, true, 1, 0);
  EXPECT_TRUE(spinners.raise_first()) << "there is none again";
}

TEST_F(SpinnersTransition, ARequestThatStandsIsNotMadeAgain) {
  spinners.request(held);
  spinners.request(held);
  expect(0, true, 1, 0);
}

// All three must fail.
TEST(SpinnersSim, WhoDoesNotSpinDoesNotStop) {
  const std::string wrong = explore(1, {}, [] {
    OneM one;
    Spinners spinners;
    spinners.stop(&one.m);
  });
  EXPECT_NE(wrong.find("only a spinner stops"), std::string::npos) << wrong;
}

TEST(SpinnersSim, WhoIsNotCountedIsNotTakenBack) {
  const std::string wrong = explore(1, {}, [] {
    Spinners spinners;
    spinners.lower();
  });
  EXPECT_NE(wrong.find("not negative"), std::string::npos) << wrong;
}

TEST(SpinnersSim, WithoutTheSafeguardASpinnerLeavesTheRequest) {
  MachineOptions options;
  options.lifted = Safeguard::become_spinning_clears_request;
  const std::string wrong = explore(1, options, [] {
    SchedLock lock;
    SchedGuard held(lock);
    OneM one;
    Spinners spinners;
    spinners.request(held);
    spinners.become(&one.m);
    require(!spinners.requested(held), "the request is taken");
  });
  EXPECT_EQ(wrong, "seed 1: the request is taken");
}

// ---- Who finds the request gone finds the spinner ------------------------------------------

std::string take_a_request(std::uint64_t runs, bool counts_first) {
  return explore(runs, {}, [counts_first] {
    SchedLock lock;
    OneM one;
    Spinners spinners;
    bool over = false;
    spinners.request(SchedGuard(lock));
    Crew crew;
    crew.start([&] {
      if (!counts_first) spinners.clear_request();
      spinners.become(&one.m);
      over = true;
    });
    while (!over) {
      const bool requested = spinners.requested(SchedGuard(lock));
      require(requested || spinners.count() > 0, "a request or a spinner");
    }
  });
}

TEST(SpinnersSim, TheSpinnerIsThereBeforeTheRequestIsGone) { EXPECT_EQ(take_a_request(2'000, true), ""); }

// Must fail.
TEST(SpinnersSim, ARequestThatIsTakenTooEarlyIsLostForAMoment) {
  const std::string wrong = take_a_request(100, false);
  EXPECT_NE(wrong.find("a request or a spinner"), std::string::npos) << wrong;
}

// ---- Submitting work and giving up the search ------------------------------------------------

enum class Submitter { queues_first, looks_first };
enum class GivesUp { lowers_first, looks_first };

struct Outcomes {
  int first = 0;   // the party of the left column saw to the work
  int second = 0;  // that of the right
};

std::string submit(std::uint64_t runs, Submitter submitter, GivesUp spinner, Outcomes& seen) {
  return explore(runs, {}, [&seen, submitter, spinner] {
    OneM one;
    Spinners spinners;
    os::Atomic<int> queue{0};
    bool starts_one = false, spins_on = false;
    spinners.become(&one.m);
    Crew crew;
    crew.start([&] {
      const bool before = spinners.count() > 0;
      queue.store(1, seq_cst);                // (A1)
      const bool after = spinners.count() > 0;  // (A3)
      starts_one = !(submitter == Submitter::queues_first ? after : before);
    });
    crew.start([&] {
      const bool before = queue.load(seq_cst) != 0;
      spinners.stop(&one.m);                       // (B2)
      const bool after = queue.load(seq_cst) != 0;  // (B4)
      spins_on = spinner == GivesUp::lowers_first ? after : before;
    });
    crew.join();
    require(starts_one || spins_on, "the work is seen to");
    seen.first += starts_one ? 1 : 0;
    seen.second += spins_on ? 1 : 0;
  });
}

TEST(SpinnersSim, WorkIsSeenByItsSubmittersSpinnerOrByTheOneThatGivesUp) {
  Outcomes seen;
  EXPECT_EQ(submit(2'000, Submitter::queues_first, GivesUp::lowers_first, seen), "");
  EXPECT_GT(seen.first, 0);
  EXPECT_GT(seen.second, 0);
}

// Both must fail.
TEST(SpinnersSim, ASubmitterThatLooksForSpinnersBeforeItQueuesIsForgotten) {
  Outcomes seen;
  const std::string wrong = submit(2'000, Submitter::looks_first, GivesUp::lowers_first, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

TEST(SpinnersSim, ASpinnerThatLooksAtTheQueuesBeforeItIsUncountedForgets) {
  Outcomes seen;
  const std::string wrong = submit(2'000, Submitter::queues_first, GivesUp::looks_first, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

// ---- Requesting a spinner ----------------------------------------------------------------------

enum class Idler {
  looks_under_the_lock,  // (I1)
  looks_before_it,       // the rejected design
  does_not_look,
};

std::string request_a_spinner(std::uint64_t runs, Idler idler, Outcomes& seen) {
  return explore(runs, unreliable(4), [&seen, idler] {
    P pp(0);
    OneM one;
    IdlePs idle;
    Spinners spinners;
    SchedLock lock;
    bool found_p = false, spins = false;
    Crew crew;
    crew.start([&] {
      SchedGuard held(lock);
      found_p = idle.get(held) != nullptr;      // (R1)
      if (!found_p) spinners.request(held);  // (R2)
    });
    crew.start([&] {
      const bool before = spinners.requested(SchedGuard(lock));
      SchedGuard held(lock);
      const bool now = spinners.requested(held);
      spins = idler == Idler::looks_under_the_lock ? now : idler == Idler::looks_before_it && before;
      if (spins) return spinners.answer(held, &one.m);  // (I1)
      idle.put(held, &pp);                              // (I2)
    });
    crew.join();
    require(found_p || spins, "the work is seen to");
    seen.first += found_p ? 1 : 0;
    seen.second += spins ? 1 : 0;
  });
}

TEST(SpinnersSim, ARequestIsMetByAPOrByAnMThatIsAboutToIdle) {
  Outcomes seen;
  EXPECT_EQ(request_a_spinner(2'000, Idler::looks_under_the_lock, seen), "");
  EXPECT_GT(seen.first, 0);
  EXPECT_GT(seen.second, 0);
}

// Both must fail.
TEST(SpinnersSim, WithoutALookTheRequestIsNotMet) {
  Outcomes seen;
  const std::string wrong = request_a_spinner(100, Idler::does_not_look, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

TEST(SpinnersSim, ALookBeforeTheLockMissesTheRequest) {
  Outcomes seen;
  const std::string wrong = request_a_spinner(2'000, Idler::looks_before_it, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

// ---- A wake that fails ---------------------------------------------------------------------------

enum class FailedWake { lowers_first, requests_first, does_not_request };

// A submitter has relied on the spinner of a wake that fails. Another M searches beside it.
std::string fail_a_wake(std::uint64_t runs, FailedWake order, Outcomes& seen) {
  return explore(runs, unreliable(4), [&seen, order] {
    OneM one;
    Spinners spinners;
    SchedLock lock;
    bool starts_successor = false;
    require(spinners.raise_first(), "the wake counts its spinner");
    Crew crew;
    crew.start([&] {
      SchedGuard held(lock);
      if (order == FailedWake::requests_first) spinners.request(held);
      spinners.lower();                                                    // (W1)
      if (order == FailedWake::lowers_first) spinners.request(held);  // (W2)
    });
    crew.start([&] {
      spinners.become(&one.m);                     // (S1)
      spinners.stop(&one.m);                       // (S2)
      starts_successor = spinners.count() == 0;  // (S2)
    });
    crew.join();
    const bool requested = spinners.requested(SchedGuard(lock));
    require(requested || starts_successor, "who relied on the spinner is seen to");
    seen.first += requested ? 1 : 0;
    seen.second += starts_successor ? 1 : 0;
  });
}

TEST(SpinnersSim, WhoReliedOnAWakeThatFailsIsMetByARequestOrByASuccessor) {
  Outcomes seen;
  EXPECT_EQ(fail_a_wake(2'000, FailedWake::lowers_first, seen), "");
  EXPECT_GT(seen.first, 0);
  EXPECT_GT(seen.second, 0);
}

// Both must fail.
TEST(SpinnersSim, ARequestBeforeTheCountHasFallenIsLost) {
  Outcomes seen;
  const std::string wrong = fail_a_wake(2'000, FailedWake::requests_first, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

TEST(SpinnersSim, WithoutARequestWhoReliedIsForgotten) {
  Outcomes seen;
  const std::string wrong = fail_a_wake(100, FailedWake::does_not_request, seen);
  EXPECT_NE(wrong.find("is seen to"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
