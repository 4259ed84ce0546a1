// The runtime as its users see it, on real threads. Nothing here depends on how
// long anything takes.

#include "runtime/api/runtime.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/api/inspect.h"
#include "runtime/api/pipe.h"
#include "runtime/api/wait_group.h"

namespace rt {
namespace {

struct RuntimeWithProcs : ::testing::TestWithParam<int> {
  Runtime runtime{{.procs = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Procs, RuntimeWithProcs, ::testing::Values(1, 2, 4, 8));

TEST_P(RuntimeWithProcs, RunsEverySpawnedGOnce) {
  std::atomic<int> ran{0};
  runtime.run([&] {
    WaitGroup all;
    all.add(2'000);
    for (int i = 0; i < 2'000; ++i) {
      go([&, i] {
        if (i % 3 == 0) yield();
        ran.fetch_add(1);
        all.done();
      });
    }
    all.wait();
  });
  EXPECT_EQ(ran.load(), 2'000);
}

TEST_P(RuntimeWithProcs, SpawnsFromManyGsOverflowIntoTheGlobalQueue) {
  std::atomic<int> leaves{0};
  runtime.run([&] {
    WaitGroup all;
    all.add(1'200);
    for (int i = 0; i < 3; ++i) {
      go([&] {
        for (int k = 0; k < 400; ++k) {
          go([&] {
            leaves.fetch_add(1);
            all.done();
          });
        }
      });
    }
    all.wait();
  });
  EXPECT_EQ(leaves.load(), 1'200);
}

TEST_P(RuntimeWithProcs, SleepsAtLeastAsLongAsAsked) {
  Duration slept = 0;
  runtime.run([&] {
    const Instant start = os::now();
    sleep(3 * millisecond);
    slept = os::now() - start;
  });
  EXPECT_GE(slept, 3 * millisecond);
}

TEST_P(RuntimeWithProcs, BlockingCallsDoNotHoldTheOthersUp) {
  // The calls end only after other Gs have run, also on one P.
  std::atomic<bool> first{false};
  std::atomic<bool> second{false};
  runtime.run([&] {
    WaitGroup all;
    all.add(2);
    go([&] {
      first = true;
      all.done();
    });
    handoff_call([&] {
      while (!first) std::this_thread::yield();
    });
    go([&] {
      second = true;
      all.done();
    });
    blocking_call([&] {
      while (!second) std::this_thread::yield();
    });
    all.wait();
  });
  EXPECT_TRUE(first && second);
}

TEST_P(RuntimeWithProcs, PipesCarryEveryByteInOrder) {
  std::vector<unsigned char> got;
  runtime.run([&] {
    Pipe pipe;
    ASSERT_TRUE(pipe.ok());
    WaitGroup all;
    all.add(1);
    constexpr int n = 200'000;  // more than a pipe holds: the writer waits too
    go([&] {
      unsigned char buffer[1000];
      while (got.size() < n) {
        const std::size_t k = pipe.read(buffer, sizeof buffer);
        got.insert(got.end(), buffer, buffer + k);
      }
      all.done();
    });
    std::vector<unsigned char> data(n);
    for (int i = 0; i < n; ++i) data[static_cast<std::size_t>(i)] = static_cast<unsigned char>(i * 7);
    pipe.write(data.data(), data.size());
    all.wait();
  });
  ASSERT_EQ(got.size(), 200'000u);
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], static_cast<unsigned char>(i * 7)) << i;
}

TEST_P(RuntimeWithProcs, ALockedGStaysOnItsThread) {
  runtime.run([&] {
    WaitGroup all;
    all.add(4);
    for (int i = 0; i < 4; ++i) {
      go([&] {
        lock_thread();
        const std::thread::id home = std::this_thread::get_id();
        for (int k = 0; k < 50; ++k) {
          if (k % 3 == 0) sleep(20 * microsecond);
          else yield();
          EXPECT_EQ(std::this_thread::get_id(), home);
        }
        unlock_thread();
        all.done();
      });
    }
    all.wait();
  });
}

TEST_P(RuntimeWithProcs, GsThatEndLockedTakeTheirThreadsWithThemAndOthersGoOn) {
  std::atomic<int> after{0};
  runtime.run([&] {
    WaitGroup all;
    all.add(40);
    for (int i = 0; i < 20; ++i) {
      go([&] {
        lock_thread();
        all.done();
      });
      go([&] {
        yield();
        after.fetch_add(1);
        all.done();
      });
    }
    all.wait();
  });
  EXPECT_EQ(after.load(), 20);
}

TEST_P(RuntimeWithProcs, ExternalThreadsRunGsAndTheCountsComeBack) {
  constexpr int threads = 12;
  constexpr int calls = 25;
  std::atomic<int> ran{0};
  std::vector<std::thread> external;
  for (int t = 0; t < threads; ++t) {
    external.emplace_back([&, t] {
      const std::thread::id home = std::this_thread::get_id();
      for (int i = 0; i < calls; ++i) {
        const bool done = runtime.callback([&] {
          if (t % 2 == 0) yield();
          if (i % 5 == 0) sleep(10 * microsecond);
          EXPECT_EQ(std::this_thread::get_id(), home);
          ran.fetch_add(1);
        });
        EXPECT_TRUE(done);
      }
    });
  }
  Counters counters;
  runtime.run([&] {
    handoff_call([&] {
      for (std::thread& t : external) t.join();
    });
    runtime.counters(counters);
  });
  EXPECT_EQ(ran.load(), threads * calls);
  EXPECT_EQ(counters.extra_in_use, 0);
  EXPECT_EQ(counters.extra_length, counters.extra_created);
  EXPECT_EQ(counters.extra_waiters, 0);
}

TEST_P(RuntimeWithProcs, ACallbackAfterTheEndIsRefused) {
  runtime.run([] {});
  bool ran = false;
  EXPECT_FALSE(runtime.callback([&] { ran = true; }));
  EXPECT_FALSE(ran);
}

TEST_P(RuntimeWithProcs, CheckpointsLetOthersRunBesideALoop) {
  std::atomic<bool> stop{false};
  runtime.run([&] {
    go([&] { stop = true; });
    while (!stop) checkpoint();  // sysmon asks after a slice, also on one P
  });
  EXPECT_TRUE(stop);
}

TEST_P(RuntimeWithProcs, SysmonWakesFromItsDeepSleepWhenATimerPutsGsToWork) {
  std::atomic<bool> stop{false};
  runtime.run([&] {
    sleep(50 * millisecond);
    go([&] { stop = true; });
    while (!stop) checkpoint();
  });
  EXPECT_TRUE(stop);
}

// The consumer's last look must see what the producer's last ready() published.
TEST_P(RuntimeWithProcs, AParkerKeepsATokenThatComesWhileAnotherIsConsumed) {
  constexpr int rounds = 30'000;
  std::atomic<int> box{0};
  runtime.run([&] {
    Parker gate;
    WaitGroup all;
    all.add(1);
    go([&] {
      for (int seen = 0; seen < rounds; seen = box.load(std::memory_order_relaxed)) {
        while (box.load(std::memory_order_relaxed) == seen) gate.park();
      }
      all.done();
    });
    for (int i = 1; i <= rounds; ++i) {
      gate.ready();
      box.store(i, std::memory_order_relaxed);
      gate.ready();
      if (i % 64 == 0) yield();
    }
    all.wait();
  });
  EXPECT_EQ(box.load(), rounds);
}

TEST_P(RuntimeWithProcs, GsThatAreLeftAtTheEndAreAbandoned) {
  std::atomic<int> begun{0};
  runtime.run([&] {
    for (int i = 0; i < 5; ++i) {
      go([&] {
        Parker never;
        begun.fetch_add(1);
        never.park();
      });
    }
    while (begun.load() < 5) yield();
  });
  EXPECT_EQ(begun.load(), 5);
}

TEST_P(RuntimeWithProcs, ACallbackThatTheEndOvertakesIsAbandoned) {
  Parker gate;
  std::atomic<bool> parked{false};
  bool done = true;
  std::thread external([&] {
    done = runtime.callback([&] {
      parked = true;
      gate.park();
    });
  });
  runtime.run([&] {
    while (!parked) yield();
    go([&] { gate.ready(); });  // may come before, with or after the end
  });
  external.join();
  EXPECT_TRUE(parked);
  static_cast<void>(done);
}

TEST_P(RuntimeWithProcs, TheTraceLineShowsTheState) {
  std::string line(400, '\0');
  runtime.run([&] { line.resize(runtime.trace_line(line.data(), line.size())); });
  EXPECT_NE(line.find("gomaxprocs=" + std::to_string(GetParam())), std::string::npos) << line;
  EXPECT_NE(line.find("systhreads="), std::string::npos) << line;
}

TEST(Runtime, TwoRuntimesLiveSideBySide) {
  std::atomic<int> ran{0};
  const auto serve = [&] {
    Runtime runtime({.procs = 2});
    runtime.run([&] {
      WaitGroup all;
      all.add(100);
      for (int i = 0; i < 100; ++i) {
        go([&] {
          yield();
          ran.fetch_add(1);
          all.done();
        });
      }
      all.wait();
    });
  };
  std::thread other(serve);
  serve();
  other.join();
  EXPECT_EQ(ran.load(), 200);
}

TEST(Runtime, IsMadeAndDestroyedManyTimes) {
  int ran = 0;
  for (int i = 0; i < 200; ++i) {
    Runtime runtime({.procs = 1 + i % 3});
    runtime.run([&] { ++ran; });
  }
  EXPECT_EQ(ran, 200);
}

struct RuntimeDeathTest : ::testing::Test {
  RuntimeDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(RuntimeDeathTest, ADeadlockOfAllGsIsReported) {
  EXPECT_DEATH(
      {
        Runtime runtime({.procs = 2});
        runtime.run([] {
          Parker never;
          never.park();
        });
      },
      "all Gs are asleep: deadlock.*gomaxprocs=2");
}

TEST_F(RuntimeDeathTest, ADeadlockIsReportedAfterCallbacksAndThreads) {
  EXPECT_DEATH(
      {
        Runtime runtime({.procs = 2});
        std::thread external([&] { runtime.callback([] { yield(); }); });
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

TEST_F(RuntimeDeathTest, TooManyThreadsAreReported) {
  EXPECT_DEATH(
      {
        Runtime runtime({.procs = 2, .thread_limit = 6});
        runtime.run([] {
          std::atomic<bool> never{false};
          for (int i = 0; i < 20; ++i) {
            go([&] {
              handoff_call([&] {
                while (!never) std::this_thread::yield();
              });
            });
          }
          for (;;) yield();
        });
      },
      "exceeds its thread limit");
}

TEST_F(RuntimeDeathTest, AnImpossibleNumberOfPsIsRefused) {
  EXPECT_DEATH(Runtime({.procs = 0}), "number of Ps");
}

}  // namespace
}  // namespace rt
