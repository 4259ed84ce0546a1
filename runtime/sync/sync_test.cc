// The futex lock and the note under every interleaving a random walk comes by.

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"
#include "runtime/sync/lock.h"
#include "runtime/sync/note.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

TEST(LockSim, ExcludesAndLosesNoSleeper) {
  const std::string wrong = explore(5'000, unreliable(4), [] {
    Lock lock;
    bool inside = false;
    int rounds = 0;
    os::Atomic<int> witness{0};
    {
      Crew crew;
      for (int t = 0; t < 4; ++t) {
        crew.start([&] {
          for (int i = 0; i < 3; ++i) {
            LockGuard guard(lock);
            require(!inside, "one thread at a time holds the lock");
            inside = true;
            witness.load(relaxed);  // a chance for the others to come in
            ++rounds;
            inside = false;
          }
        });
      }
    }
    require(rounds == 12, "every thread had its turns");
    require(lock.seems_free(), "the lock is free again");
  });
  EXPECT_EQ(wrong, "");
}

TEST(NoteSim, AWakeBeforeTheSleepIsNotLost) {
  const std::string wrong = explore(5'000, unreliable(4), [] {
    Note note;
    int published = 0;
    Crew crew;
    crew.start([&] {
      published = 1;
      require(note.wake(), "the first wake is the only one");
    });
    note.sleep();
    require(published == 1, "who wakes sees what came before the wake");
    note.clear();
    crew.join();
    crew.start([&] { require(note.wake(), "a note is as new after it was cleared"); });
    note.sleep();
  });
  EXPECT_EQ(wrong, "");
}

TEST(NoteSim, ATimedSleepTellsTheWakeFromTheTimeOut) {
  int woken = 0;
  int timed_out = 0;
  const std::string wrong = explore(5'000, unreliable(4), [&] {
    Note note;
    bool rang = false;
    Crew crew;
    crew.start([&] {
      os::sleep(2 * microsecond);
      rang = true;
      static_cast<void>(note.wake());
    });
    const Instant start = os::now();
    if (note.sleep_for(2 * microsecond)) {
      require(rang, "a wake was given");
      ++woken;
    } else {
      const Instant end = os::now();
      require(end - start >= 2 * microsecond, "a time-out does not come early");
      ++timed_out;
    }
  });
  EXPECT_EQ(wrong, "");
  EXPECT_GT(woken, 0);
  EXPECT_GT(timed_out, 0);
}

TEST(NoteSim, ASecondWakeIsReportedToItsWaker) {
  const std::string wrong = explore(1, {}, [] {
    Note note;
    require(note.wake(), "the first wake");
    require(!note.wake(), "the second wake");
    note.sleep();
    note.clear();
    require(note.wake(), "the first one after it was cleared");
  });
  EXPECT_EQ(wrong, "");
}

// ---- Each of these must fail ------------------------------------------------------

TEST(NoteSim, WithoutAWakeTheSleeperSleepsForGood) {
  const std::string wrong = explore(1, {}, [] {
    Note note;
    note.sleep();
  });
  EXPECT_EQ(wrong, "seed 1: nobody can run");
}

TEST(LockSim, WithoutTheLockTwoThreadsMeet) {
  const std::string wrong = explore(100, {}, [] {
    bool inside = false;
    os::Atomic<int> witness{0};
    const auto visit = [&] {
      require(!inside, "one thread at a time is inside");
      inside = true;
      witness.load(relaxed);
      inside = false;
    };
    Crew crew;
    crew.start(visit);
    crew.start(visit);
  });
  EXPECT_NE(wrong.find("one thread at a time is inside"), std::string::npos) << wrong;
}

TEST(LockSim, ALockThatIsNeverReleasedIsMisused) {
  const std::string wrong = explore(1, {}, [] {
    Lock lock;
    lock.lock();
    lock.lock();
  });
  EXPECT_NE(wrong, "");
}

}  // namespace
}  // namespace rt
