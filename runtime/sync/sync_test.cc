// The futex lock and the note under every interleaving a random walk comes by.

#include <gtest/gtest.h>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"
#include "runtime/sync/lock.h"
#include "runtime/sync/note.h"

namespace rt {
namespace {

using jitterbug::Machine;
using jitterbug::MachineOptions;
using jitterbug::RandomStrategy;
using jitterbug::RunResult;
using jitterbug::testing::Crew;
using jitterbug::testing::RecordingJudge;

// Explores `body` from a number of seeds, with spurious wakes and failing weak
// exchanges in every other run.
void explore(int runs, const std::function<void()>& body) {
  Machine machine;
  RandomStrategy strategy;
  for (int seed = 1; seed <= runs; ++seed) {
    RecordingJudge judge(machine);
    MachineOptions options;
    if (seed % 2 == 0) {
      options.fault_one_in[static_cast<int>(engine::Fault::spurious_wake)] = 4;
      options.fault_one_in[static_cast<int>(engine::Fault::weak_cas)] = 4;
    }
    strategy.begin(static_cast<std::uint64_t>(seed));
    const RunResult r = machine.run(options, strategy, judge, body);
    ASSERT_FALSE(r.failed) << "seed " << seed << ": " << r.sentence;
    ASSERT_TRUE(judge.misuses.empty()) << "seed " << seed << ": " << judge.misuses.front();
  }
}

TEST(LockSim, ExcludesAndLosesNoSleeper) {
  explore(5'000, [] {
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
            ASSERT_FALSE(inside);
            inside = true;
            witness.load(relaxed);  // a chance for the others to come in
            ++rounds;
            inside = false;
          }
        });
      }
    }
    ASSERT_EQ(rounds, 12);
    ASSERT_TRUE(lock.seems_free());
  });
}

TEST(NoteSim, AWakeBeforeTheSleepIsNotLost) {
  explore(5'000, [] {
    Note note;
    int published = 0;
    Crew crew;
    crew.start([&] {
      published = 1;
      ASSERT_TRUE(note.wake());
    });
    note.sleep();
    ASSERT_EQ(published, 1);
    note.clear();
    crew.join();
    crew.start([&] { ASSERT_TRUE(note.wake()); });
    note.sleep();
  });
}

TEST(NoteSim, ATimedSleepTellsTheWakeFromTheTimeOut) {
  int woken = 0;
  int timed_out = 0;
  explore(5'000, [&] {
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
      ASSERT_TRUE(rang);
      ++woken;
    } else {
      const Instant end = os::now();
      ASSERT_GE(end - start, 2 * microsecond);
      ++timed_out;
    }
  });
  EXPECT_GT(woken, 0);
  EXPECT_GT(timed_out, 0);
}

TEST(NoteSim, ASecondWakeIsReportedToItsWaker) {
  explore(1, [] {
    Note note;
    ASSERT_TRUE(note.wake());
    ASSERT_FALSE(note.wake());
    note.sleep();
    note.clear();
    ASSERT_TRUE(note.wake());
  });
}

}  // namespace
}  // namespace rt
