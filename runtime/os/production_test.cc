// What only the machine itself can show: guard pages, thread names, exhaustion,
// the last words of a fatal error. And what the seam must not cost.

#include "runtime/os/production.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <string>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define JITTERBUG_SHADOW_MEMORY 1
#endif
#endif

namespace rt::os_production {
namespace {

static_assert(upheld(Safeguard::needspinning_tested_before_drop), "known to the compiler");
static_assert(sizeof(Atomic<int>) == sizeof(int));

struct Watched {
  int word;
  [[no_unique_address]] LockWatch watch;
};
static_assert(sizeof(Watched) == sizeof(int));

TEST(Production, AStackEndsInAPageThatNoAccessSurvives) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Stack stack = stack_allocate(1);
  EXPECT_DEATH(static_cast<volatile std::byte*>(stack.low)[-1] = std::byte{1}, "");
  stack_release(stack);
}

TEST(Production, AThreadIsNamedByItsRole) {
  std::string name;
  Thread thread;
  ASSERT_TRUE(thread.start(
      [](void* to) {
        char buffer[16];
        pthread_getname_np(pthread_self(), buffer, sizeof buffer);
        *static_cast<std::string*>(to) = buffer;
      },
      &name, "a role longer than the kernel takes"));
  thread.join();
  EXPECT_EQ(name, "a role longer t");
}

TEST(Production, AThreadThatCannotBeMadeIsReported) {
#ifndef JITTERBUG_SHADOW_MEMORY
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto exhausted = [] {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_AS, &none);
    Thread thread;
    const bool started = thread.start([](void*) {}, nullptr, "m");
    _exit(started || thread.joinable() ? 1 : 0);
  };
  EXPECT_EXIT(exhausted(), testing::ExitedWithCode(0), "");
#endif
}

TEST(Production, AFatalErrorSaysWhyOnOneLineAndAborts) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(fatal(Fatal::deadlock, "every G waits"), testing::KilledBySignal(SIGABRT),
              "fatal: deadlock: every G waits\n");
}

TEST(Production, ADescriptorThatIsNoneIsAnError) {
  char byte = 0;
  EXPECT_EQ(read(-1, &byte, 1), -EBADF);
  EXPECT_EQ(write(-1, &byte, 1), -EBADF);
  Poller poller;
  ASSERT_TRUE(poller.open());
  EXPECT_FALSE(poller.add(-1, &poller));
  poller.close();
}

}  // namespace
}  // namespace rt::os_production
