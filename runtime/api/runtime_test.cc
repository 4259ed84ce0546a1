// The runtime as its users see it: Gs, time, calls that block, the end, what is fatal.

#include "runtime/api/runtime.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "runtime/api/api_world.h"
#include "runtime/api/inspect.h"
#include "runtime/api/wait_group.h"

namespace rt {
namespace {

using contract::expect_fatal;
using contract::expect_took;
using contract::in_world;
using contract::Running;
using contract::sized;

// A few rounds of a drowsy sysmon, and far from the minute that it may sleep.
constexpr Duration soon = second;

INSTANTIATE_TEST_SUITE_P(Procs, WithProcs, ::testing::Values(1, 2, 4, 8));

WITH_PROCS(RunsEverySpawnedGOnce) {
  constexpr int gs = sized(2'000, 60);
  std::deque<Count> ran;
  for (int i = 0; i < gs; ++i) ran.emplace_back(0);
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    WaitGroup all;
    all.add(gs);
    for (int i = 0; i < gs; ++i) {
      go([&, i] {
        if (i % 3 == 0) yield();
        ran[static_cast<std::size_t>(i)].fetch_add(1, relaxed);
        all.done();
      });
    }
    all.wait();
  });
  for (const Count& times : ran) EXPECT_EQ(times.load(relaxed), 1);
}

WITH_PROCS(SpawnsFromManyGsOverflowIntoTheGlobalQueue) {
  constexpr int each = sized(400, 20);
  Count leaves{0};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    WaitGroup all;
    all.add(3 * each);
    for (int i = 0; i < 3; ++i) {
      go([&] {
        for (int k = 0; k < each; ++k) {
          go([&] {
            leaves.fetch_add(1, relaxed);
            all.done();
          });
        }
      });
    }
    all.wait();
  });
  EXPECT_EQ(leaves.load(relaxed), 3 * each);
}

// ---- Time ------------------------------------------------------------------------------

WITH_PROCS(SleepsAtLeastAsLongAsAsked) {
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    const Instant start = os::now();
    sleep(3 * millisecond);
    const Instant end = os::now();
    EXPECT_GE(end - start, 3 * millisecond);
    expect_took(4 * millisecond, end - start);
  });
}

// Fails by hanging: on one P nobody but sysmon, after a slice, lets the other G run.
WITH_PROCS(CheckpointsLetOthersRunBesideALoop) {
  Flag stop{false};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    const Instant start = os::now();
    go([&] { stop.store(true, release); });
    while (!stop.load(acquire)) checkpoint();
    const Instant end = os::now();
    expect_took(soon, end - start);
  });
}

// Fails by hanging for a minute, see lifted_test.cc.
WITH_PROCS(SysmonWakesFromItsDeepSleepWhenATimerPutsGsToWork) { expect_took(soon, loop_after_a_deep_sleep(procs)); }

// ---- Calls that block --------------------------------------------------------------------

// Fails by hanging: each call ends only after another G has run, also on one P.
WITH_PROCS(BlockingCallsDoNotHoldTheOthersUp) {
  Flag first{false}, second{false};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    const Instant start = os::now();
    go([&] { first.store(true, release); });
    handoff_call([&] { wait_for(first); });
    go([&] { second.store(true, release); });
    blocking_call([&] { wait_for(second); });
    const Instant end = os::now();
    expect_took(soon, end - start);
  });
}

WITH_PROCS(ALockedGStaysOnItsThread) {
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    WaitGroup all;
    all.add(4);
    for (int i = 0; i < 4; ++i) {
      go([&] {
        lock_thread();
        const std::uint64_t home = contract::this_thread();
        for (int k = 0; k < sized(50, 6); ++k) {
          if (k % 3 == 0) sleep(20 * microsecond);
          else yield();
          EXPECT_EQ(contract::this_thread(), home);
        }
        unlock_thread();
        all.done();
      });
    }
    all.wait();
  });
}

WITH_PROCS(GsThatEndLockedTakeTheirThreadsWithThemAndOthersGoOn) {
  constexpr int pairs = sized(20, 5);
  Count after{0};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    WaitGroup all;
    all.add(2 * pairs);
    for (int i = 0; i < pairs; ++i) {
      go([&] {
        lock_thread();
        all.done();
      });
      go([&] {
        yield();
        after.fetch_add(1, relaxed);
        all.done();
      });
    }
    all.wait();
  });
  EXPECT_EQ(after.load(relaxed), pairs);
}

// ---- Threads that do not belong to it -------------------------------------------------------

WITH_PROCS(ExternalThreadsRunGsAndTheCountsComeBack) {
  constexpr int threads = sized(12, 3);
  constexpr int calls = sized(25, 3);
  Count ran{0};
  Counters counters;
  Runtime runtime({.procs = procs});
  const auto call = [&](int t) {
    const std::uint64_t home = contract::this_thread();
    for (int i = 0; i < calls; ++i) {
      const bool done = runtime.callback([&] {
        if (t % 2 == 0) yield();
        if (i % 5 == 0) sleep(10 * microsecond);
        EXPECT_EQ(contract::this_thread(), home);
        ran.fetch_add(1, relaxed);
      });
      EXPECT_TRUE(done);
    }
  };
  std::vector<std::unique_ptr<Running<std::function<void()>>>> external;
  for (int t = 0; t < threads; ++t) {
    external.push_back(std::make_unique<Running<std::function<void()>>>([&call, t] { call(t); }));
  }
  runtime.run([&] {
    handoff_call([&] {
      for (const auto& thread : external) thread->join();
    });
    runtime.counters(counters);
  });
  EXPECT_EQ(ran.load(relaxed), threads * calls);
  EXPECT_EQ(counters.extra_in_use, 0);
  EXPECT_EQ(counters.extra_length, counters.extra_created);
  EXPECT_EQ(counters.extra_waiters, 0);
}

WITH_PROCS(ACallbackAfterTheEndIsRefused) {
  Runtime runtime({.procs = procs});
  runtime.run([] {});
  bool ran = false;
  EXPECT_FALSE(runtime.callback([&] { ran = true; }));
  EXPECT_FALSE(ran);
}

WITH_PROCS(ACallbackSaysWhetherItsBodyCameToItsEnd) {
  Parker gate;
  Flag parked{false};
  bool done = false, ended = false;
  Runtime runtime({.procs = procs});
  Running external([&] {
    done = runtime.callback([&] {
      parked.store(true, release);
      gate.park();
      ended = true;
    });
  });
  runtime.run([&] {
    while (!parked.load(acquire)) yield();
    go([&] { gate.ready(); });  // may come before, with or after the end
  });
  external.join();
  EXPECT_EQ(done, ended);
}

// ---- Parking ---------------------------------------------------------------------------------

// Fails by hanging: the consumer's last look must see what the producer's last ready() published.
WITH_PROCS(AParkerKeepsATokenThatComesWhileAnotherIsConsumed) {
  constexpr int rounds = sized(30'000, 30);
  Count box{0};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    Parker gate;
    WaitGroup all;
    all.add(1);
    go([&] {
      for (int seen = 0; seen < rounds; seen = box.load(relaxed)) {
        while (box.load(relaxed) == seen) gate.park();
      }
      all.done();
    });
    for (int i = 1; i <= rounds; ++i) {
      gate.ready();
      box.store(i, relaxed);
      gate.ready();
      if (i % 64 == 0) yield();
    }
    all.wait();
  });
}

// ---- The end ---------------------------------------------------------------------------------

// A frame that says when it is unwound.
struct Frame {
  explicit Frame(Count& count) : unwound(count) {}
  ~Frame() { unwound.fetch_add(1, relaxed); }
  Count& unwound;
};

WITH_PROCS(GsThatAreLeftAtTheEndAreAbandonedAndNotUnwound) {
  Count begun{0}, gone_on{0}, unwound{0};
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    for (int i = 0; i < 5; ++i) {
      go([&] {
        const Frame frame(unwound);
        Parker never;
        begun.fetch_add(1, relaxed);
        never.park();
        gone_on.fetch_add(1, relaxed);
      });
    }
    while (begun.load(relaxed) < 5) yield();
  });
  EXPECT_EQ(gone_on.load(relaxed), 0);
  EXPECT_EQ(unwound.load(relaxed), 0);
}

WITH_PROCS(TheTraceLineShowsTheState) {
  std::string line(400, '\0');
  Runtime runtime({.procs = procs});
  runtime.run([&] { line.resize(runtime.trace_line(line.data(), line.size())); });
  EXPECT_NE(line.find("gomaxprocs=" + std::to_string(procs)), std::string::npos) << line;
  EXPECT_NE(line.find("systhreads="), std::string::npos) << line;
}

TEST(Runtime, TwoLiveSideBySide) {
  in_world([] {
    constexpr int gs = sized(100, 10);
    Count ran{0};
    const auto serve = [&] {
      Runtime runtime({.procs = 2});
      runtime.run([&] {
        WaitGroup all;
        all.add(gs);
        for (int i = 0; i < gs; ++i) {
          go([&] {
            yield();
            ran.fetch_add(1, relaxed);
            all.done();
          });
        }
        all.wait();
      });
    };
    Running other(serve);
    serve();
    other.join();
    EXPECT_EQ(ran.load(relaxed), 2 * gs);
  });
}

TEST(Runtime, IsMadeAndDestroyedManyTimes) {
  in_world([] {
    constexpr int times = sized(200, 6);
    int ran = 0;
    for (int i = 0; i < times; ++i) {
      Runtime runtime({.procs = 1 + i % 3});
      runtime.run([&] { ++ran; });
    }
    EXPECT_EQ(ran, times);
  });
}

// ---- What is fatal -----------------------------------------------------------------------

TEST(RuntimeDeathTest, ADeadlockOfAllGsIsReported) {
  expect_fatal(
      [] {
        Runtime runtime({.procs = 2});
        runtime.run([] {
          Parker never;
          never.park();
        });
      },
      "all Gs are asleep: deadlock");
}

TEST(RuntimeDeathTest, ADeadlockIsReportedAfterCallbacksAndThreads) {
  expect_fatal(
      [] {
        Runtime runtime({.procs = 2});
        Running external([&] { runtime.callback([] { yield(); }); });
        runtime.run([&] {
          handoff_call([&] { external.join(); });
          go([] {
            lock_thread();
            Parker never;
            never.park();
          });
          Parker never;
          never.park();
        });
      },
      "all Gs are asleep: deadlock");
}

TEST(RuntimeDeathTest, TooManyThreadsAreReported) {
  expect_fatal(
      [] {
        Runtime runtime({.procs = 2, .thread_limit = 6});
        runtime.run([] {
          Flag never{false};
          for (int i = 0; i < 20; ++i) {
            go([&] { handoff_call([&] { wait_for(never); }); });
          }
          for (;;) yield();
        });
      },
      "exceeds its thread limit");
}

TEST(RuntimeDeathTest, AnImpossibleNumberOfPsIsRefused) {
  expect_fatal([] { Runtime runtime({.procs = 0}); }, "number of Ps");
}

}  // namespace
}  // namespace rt
