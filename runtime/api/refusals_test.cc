// What the runtime says when the system refuses it something. Each is one line, and no
// fault of the scheduler.

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "runtime/api/pipe.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

// To this thread, by operator new.
static thread_local bool memory_refused = false;

void* operator new(std::size_t size) {
  void* memory = memory_refused ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace rt {
namespace {

void limit(__rlimit_resource resource, std::size_t value) {
  const rlimit both{value, value};
  setrlimit(resource, &both);
}

// Of address space, beyond what the process has.
void leave_memory(std::size_t bytes) {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages;
  limit(RLIMIT_AS, pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + bytes);
}

struct RefusalDeathTest : ::testing::TestWithParam<int> {
  RefusalDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
INSTANTIATE_TEST_SUITE_P(Procs, RefusalDeathTest, ::testing::Values(1, 4));

TEST_P(RefusalDeathTest, NoMemoryForAStackNamesItsG) {
  const auto spawn_without_end = [] {
    Runtime runtime({.procs = GetParam()});
    runtime.run([] {
      mallopt(M_ARENA_MAX, 1);  // or malloc takes 64 MiB for each thread
      leave_memory(256 << 20);
      for (;;) {
        go([] {
          Parker never;
          never.park();
        });
        yield();
      }
    });
  };
  // It may be malloc that is refused first.
  EXPECT_DEATH(spawn_without_end(),
               "^fatal: out of memory: no memory for (the stack of G [0-9]{4} .64 KiB.|G [0-9]{4})\n");
}

TEST_P(RefusalDeathTest, NoMemoryForAGIsReported) {
  const auto spawn = [] {
    Runtime runtime({.procs = GetParam()});
    runtime.run([] {
      memory_refused = true;
      go([] {});
    });
  };
  EXPECT_DEATH(spawn(), "^fatal: out of memory: no memory for G [0-9]+\n");
}

TEST_P(RefusalDeathTest, NoMemoryForATimerIsReported) {
  const auto sleep_once = [] {
    Runtime runtime({.procs = GetParam()});
    runtime.run([] {
      memory_refused = true;
      sleep(millisecond);
    });
  };
  EXPECT_DEATH(sleep_once(), "^fatal: out of memory: no memory for a timer\n");
}

TEST_P(RefusalDeathTest, NoMemoryForAnMIsReported) {
  const auto need_threads = [] {
    Runtime runtime({.procs = GetParam()});
    runtime.run([] {
      WaitGroup all;
      all.add(40);
      for (int i = 0; i < 40; ++i) {
        go([&] {
          memory_refused = true;
          handoff_call([] { ::sleep(1); });
          all.done();
        });
      }
      all.wait();
    });
  };
  EXPECT_DEATH(need_threads(), "^fatal: out of memory: no memory for an M; SCHED gomaxprocs");
}

TEST_P(RefusalDeathTest, NoDescriptorForThePollerIsReported) {
  const auto make_runtime = [] {
    limit(RLIMIT_NOFILE, 3);
    Runtime runtime({.procs = GetParam()});
  };
  EXPECT_DEATH(make_runtime(), "^fatal: refused by the system: no poller for the runtime: Too many open files\n");
}

// The first thread that a runtime makes is sysmon's.
TEST_P(RefusalDeathTest, ASystemThatGivesNoThreadsIsReported) {
  const auto run = [] {
    Runtime runtime({.procs = GetParam()});
    leave_memory(6 << 20);
    runtime.run([] {});
  };
  EXPECT_DEATH(run(), "^fatal: thread exhaustion: the system refuses the runtime a thread, again and again; SCHED");
}

TEST(Refusal, OfADescriptorLeavesThePipeToItsMaker) {
  Runtime runtime({.procs = 1});
  bool ok = true;
  runtime.run([&] {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    Pipe pipe;
    ok = pipe.ok();
    setrlimit(RLIMIT_NOFILE, &before);
  });
  EXPECT_FALSE(ok);
}

TEST(Refusal, OfMemoryLeavesThePipeToItsMaker) {
  Runtime runtime({.procs = 1});
  bool ok = true;
  runtime.run([&] {
    memory_refused = true;
    Pipe pipe;
    memory_refused = false;
    ok = pipe.ok();
  });
  EXPECT_FALSE(ok);
}

}  // namespace
}  // namespace rt
