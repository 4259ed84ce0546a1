// The allocator of stacks on the machine itself, with each kind of guard.

#include "runtime/os/stacks.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/os/production.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define JITTERBUG_ASAN 1
#endif
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define JITTERBUG_SHADOW_MEMORY 1
#endif
#endif

namespace rt::os_production {
namespace {

using Guard = Stacks::Guard;

constexpr std::size_t size = 64 * 1024;
constexpr std::size_t slots_of_a_slab = 64;  // as long as there are few

std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

// Never destroyed, like the one of the runtimes.
Stacks& make_stacks(Guard best = Guard::region, std::int64_t mappings_max = -1) {
  static std::deque<Stacks>& all = *new std::deque<Stacks>();
  return all.emplace_back(best, mappings_max);
}

// A slab whose stacks are all in use is known to those who use them only. Tests forget
// some, and LeakSanitizer asks.
void remember(const Stack& s) {
  static std::mutex lock;
  static std::set<void*>& slabs = *new std::set<void*>();
  const std::lock_guard held(lock);
  slabs.insert(s.home);
}

std::vector<Stack> allocate(Stacks& from, std::size_t n) {
  std::vector<Stack> stacks(n);
  for (Stack& s : stacks) {
    s = from.allocate(size);
    remember(s);
  }
  EXPECT_TRUE(std::all_of(stacks.begin(), stacks.end(), [](const Stack& s) { return s.low != nullptr; }));
  return stacks;
}

// The kernel is refused an access like everybody else, and survives it.
class Probe {
 public:
  Probe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Probe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  bool can_read(const std::byte* at) {
    if (::write(ends_[1], at, 1) == 1) return ::read(ends_[0], &byte_, 1) == 1;
    EXPECT_EQ(errno, EFAULT);
    return false;
  }
  bool can_write(std::byte* at) {
    EXPECT_EQ(::write(ends_[1], &byte_, 1), 1);
    if (::read(ends_[0], at, 1) == 1) return true;
    EXPECT_EQ(errno, EFAULT);
    EXPECT_EQ(::read(ends_[0], &byte_, 1), 1);
    return false;
  }
  // Neither end of the page below the stack is accessible.
  bool guarded(const Stack& s) {
    return !can_write(s.low - 1) && !can_read(s.low - 1) && !can_write(s.low - page()) && !can_read(s.low - page());
  }

 private:
  int ends_[2];
  std::byte byte_{};
};

std::size_t count_guarded(const std::vector<Stack>& stacks) {
  Probe probe;
  return static_cast<std::size_t>(
      std::count_if(stacks.begin(), stacks.end(), [&](const Stack& s) { return probe.guarded(s); }));
}

enum class Memory { unmapped, untouched, touched };

Memory memory_of(const Stack& s) {
  std::vector<unsigned char> resident(s.size / page());
  if (mincore(s.low, s.size, resident.data()) != 0) return Memory::unmapped;
  const bool any = std::any_of(resident.begin(), resident.end(), [](unsigned char r) { return (r & 1) != 0; });
  return any ? Memory::touched : Memory::untouched;
}

void fill(const Stack& s, int with) { std::memset(s.low, with, s.size); }

bool holds(const Stack& s, int what) {
  return std::all_of(s.low, s.high(), [what](std::byte b) { return b == static_cast<std::byte>(what); });
}

std::size_t mappings() {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  std::size_t n = 0;
  while (std::getline(maps, line)) ++n;
  return n;
}

bool kernel_knows_regions() {
  void* memory = mmap(nullptr, page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const bool knows = madvise(memory, page(), 102) == 0;
  munmap(memory, page());
  return knows;
}

struct StacksWith : ::testing::TestWithParam<Guard> {
  Stacks& stacks = make_stacks(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Guards, StacksWith, ::testing::Values(Guard::region, Guard::mapping),
                         [](const auto& info) { return info.param == Guard::region ? "Region" : "Mapping"; });

TEST_P(StacksWith, EveryStackIsGuardedInEachOfItsLives) {
  std::vector<Stack> all = allocate(stacks, 3 * slots_of_a_slab);
  EXPECT_EQ(count_guarded(all), all.size());
  for (int life = 0; life < 3; ++life) {
    for (const Stack& s : all) fill(s, life);
    stacks.release(all);
    all = allocate(stacks, all.size());
    EXPECT_EQ(count_guarded(all), all.size());
  }
}

TEST_P(StacksWith, AnOverflowEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Stack stack = stacks.allocate(size);
  EXPECT_DEATH(static_cast<volatile std::byte*>(stack.low)[-1] = std::byte{1}, "");
}

TEST_P(StacksWith, AnOverflowDoesNotReachTheStackBelow) {
  std::vector<Stack> pair = allocate(stacks, 2);
  ASSERT_EQ(pair[0].high() + page(), pair[1].low);
  fill(pair[0], 1);
  fill(pair[1], 2);
  Probe probe;
  for (std::byte* at = pair[1].low - 1; at >= pair[0].high(); --at) ASSERT_FALSE(probe.can_write(at));
  EXPECT_TRUE(holds(pair[0], 1));
  EXPECT_TRUE(holds(pair[1], 2));
}

TEST_P(StacksWith, MemoryThatIsReleasedGoesBackToTheSystem) {
  std::vector<Stack> all = allocate(stacks, 2 * slots_of_a_slab);
  for (const Stack& s : all) fill(s, 1);
  for (const Stack& s : all) ASSERT_EQ(memory_of(s), Memory::touched);
  std::vector<Stack> some;
  for (std::size_t i = 0; i < all.size(); i += 3) some.push_back(all[i]);
  stacks.release(some);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(memory_of(all[i]), i % 3 == 0 ? Memory::untouched : Memory::touched) << i;
    if (i % 3 != 0) EXPECT_TRUE(holds(all[i], 1));
  }
}

TEST_P(StacksWith, WhatIsReleasedIsUsedAgain) {
  std::vector<Stack> all = allocate(stacks, 1'000);
  std::set<std::byte*> known;
  for (const Stack& s : all) known.insert(s.low);
  for (int round = 0; round < 20; ++round) {
    std::vector<Stack> some;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((i * 7 + static_cast<std::size_t>(round)) % 3 == 0) some.push_back(std::exchange(all[i], Stack{}));
    }
    const std::size_t n = some.size();
    stacks.release(some);
    std::erase_if(all, [](const Stack& s) { return s.low == nullptr; });
    for (const Stack& s : allocate(stacks, n)) {
      all.push_back(s);
      known.insert(s.low);
    }
  }
  // The last slab, an eighth of all, has slots that were not needed at first.
  EXPECT_LE(known.size(), 1'000u + 1'000 / 8 + slots_of_a_slab);
}

TEST_P(StacksWith, OnlySomeAddressesAreKeptWhenNoneIsInUse) {
  std::vector<Stack> all = allocate(stacks, 100 * slots_of_a_slab);
  std::vector<Stack> released = all;
  stacks.release(released);
  const auto is_mapped = [](const Stack& s) { return memory_of(s) != Memory::unmapped; };
  const auto mapped = std::count_if(all.begin(), all.end(), is_mapped);
  EXPECT_GT(mapped, 0);
  EXPECT_LE(static_cast<std::size_t>(mapped) * (size + page()), std::size_t{64} << 20);
}

TEST_P(StacksWith, SlabsInUseAreFilledBeforeOthers) {
  std::vector<Stack> all = allocate(stacks, 8 * slots_of_a_slab);
  // One stack stays in use in the third slab, and everything else is released.
  const Stack stays = all[2 * slots_of_a_slab + 5];
  std::erase_if(all, [&](const Stack& s) { return s.low == stays.low; });
  stacks.release(all);
  for (const Stack& s : allocate(stacks, slots_of_a_slab - 1)) EXPECT_EQ(s.home, stays.home);
}

TEST_P(StacksWith, EachSizeHasStacksOfItsOwn) {
  for (const std::size_t wanted : {std::size_t{1}, 16 * size / 64, size, size + 1, 5 * size, std::size_t{100} << 20}) {
    const Stack a = stacks.allocate(wanted);
    const Stack b = stacks.allocate(wanted);
    ASSERT_NE(a.low, nullptr) << wanted;
    ASSERT_NE(b.low, nullptr) << wanted;
    EXPECT_GE(a.size, wanted);
    EXPECT_LT(a.size, wanted + page());
    EXPECT_TRUE(a.high() <= b.low - page() || b.high() <= a.low - page());
    a.low[0] = a.high()[-1] = std::byte{1};
    b.low[0] = b.high()[-1] = std::byte{2};
    EXPECT_EQ(a.low[0], std::byte{1});
    EXPECT_EQ(a.high()[-1], std::byte{1});
    EXPECT_EQ(count_guarded({a, b}), 2u);
    std::vector<Stack> both{a, b};
    stacks.release(both);
  }
}

TEST_P(StacksWith, ThreadsThatTakeAndReleaseAtOnceShareNone) {
  constexpr int threads = 6;
  std::vector<std::thread> all;
  for (int t = 1; t <= threads; ++t) {
    all.emplace_back([this, t] {
      for (int round = 0; round < 60; ++round) {
        std::vector<Stack> mine = allocate(stacks, 1 + static_cast<std::size_t>(round * t) % 100);
        for (const Stack& s : mine) {
          EXPECT_EQ(s.low[0], std::byte{0});
          EXPECT_EQ(s.high()[-1], std::byte{0});
          s.low[0] = s.high()[-1] = static_cast<std::byte>(t);
        }
        std::this_thread::yield();
        for (const Stack& s : mine) {
          EXPECT_EQ(s.low[0], static_cast<std::byte>(t));
          EXPECT_EQ(s.high()[-1], static_cast<std::byte>(t));
        }
        stacks.release(mine);
      }
    });
  }
  for (std::thread& t : all) t.join();
}

TEST_P(StacksWith, AReleasedStackIsForbiddenUntilItIsUsedAgain) {
#ifdef JITTERBUG_ASAN
  std::vector<Stack> one = allocate(stacks, 1);
  EXPECT_FALSE(__asan_address_is_poisoned(one[0].low));
  stacks.release(one);
  EXPECT_TRUE(__asan_address_is_poisoned(one[0].low));
  EXPECT_TRUE(__asan_address_is_poisoned(one[0].high() - 1));
  const Stack again = stacks.allocate(size);
  EXPECT_EQ(again.low, one[0].low);
  EXPECT_FALSE(__asan_address_is_poisoned(again.low));
#endif
}

TEST_P(StacksWith, AStackIsReleasedOnce) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto twice = [this] {
    for (int i = 0; i < 2; ++i) {
      static Stack stack = stacks.allocate(size);
      stacks.release({&stack, 1});
    }
  };
  EXPECT_DEATH(twice(), "fatal: broken invariant: stacks: a stack that is released was in use");
}

TEST(Stacks, TakeNoMappingsEachWhereTheKernelKnowsRegions) {
  if (!kernel_knows_regions()) GTEST_SKIP() << "this kernel has no guard regions";
  const std::size_t before = mappings();
  constexpr std::size_t n = 20'000;
  Stacks& stacks = make_stacks();
  std::vector<Stack> all = allocate(stacks, n);
  EXPECT_EQ(count_guarded(all), n);
  // Slabs side by side are one mapping; what else the process maps comes between them.
  EXPECT_LT(mappings(), before + n / 10);
  stacks.release(all);
}

TEST(Stacks, ComeInLargerSlabsTheMoreThereAre) {
  Stacks& stacks = make_stacks();
  std::vector<Stack> all = allocate(stacks, 20'000);
  std::set<void*> slabs;
  for (const Stack& s : all) slabs.insert(s.home);
  EXPECT_LT(slabs.size(), 60u);
  const auto is_in_the_first = [&](const Stack& s) { return s.home == all[0].home; };
  EXPECT_EQ(static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_in_the_first)), slots_of_a_slab);
  stacks.release(all);
}

TEST(Stacks, GuardsTakeTheirShareOfMappingsAndNoMore) {
  constexpr std::size_t guards = 1'280;  // two mappings each
  constexpr std::size_t n = 2'500;
  Stacks& stacks = make_stacks(Guard::mapping, 2 * guards);
  std::vector<Stack> all = allocate(stacks, n);
  EXPECT_EQ(count_guarded({all.begin(), all.begin() + guards}), guards);
  EXPECT_EQ(count_guarded({all.begin() + guards, all.end()}), 0u);
  for (const Stack& s : all) fill(s, 1);
  // Slabs that are unmapped leave their share to others.
  stacks.release(all);
  all = allocate(stacks, n);
  EXPECT_EQ(count_guarded(all), guards);
  stacks.release(all);
}

TEST(Stacks, WithoutAGuardAnOverflowGoesUnseen) {
  const std::vector<Stack> one = allocate(make_stacks(Guard::none), 1);
  Probe probe;
  EXPECT_FALSE(probe.guarded(one[0]));
  EXPECT_TRUE(probe.can_write(one[0].low - 1));
}

TEST(Stacks, WhenMemoryIsShortThereIsStillSomeForFewer) {
#ifndef JITTERBUG_SHADOW_MEMORY
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto until_none_is_left = [] {
    Stacks& stacks = make_stacks();
    rusage now{};
    getrusage(RUSAGE_SELF, &now);
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    statm >> pages;
    const rlimit little{pages * page() + 10 * size, pages * page() + 10 * size};
    setrlimit(RLIMIT_AS, &little);
    int n = 0;
    while (stacks.allocate(size).low != nullptr) ++n;
    _exit(n >= 6 && n < 10 ? 0 : 1);
  };
  EXPECT_EXIT(until_none_is_left(), testing::ExitedWithCode(0), "");
#endif
}

TEST(Stacks, MoreThanThereIsMemoryIsRefused) {
  EXPECT_EQ(make_stacks().allocate(std::size_t{1} << 60).low, nullptr);
  EXPECT_EQ(make_stacks().allocate(~std::size_t{0}).low, nullptr);
}

}  // namespace
}  // namespace rt::os_production
