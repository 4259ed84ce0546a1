#pragma once
// Mutual exclusion for the classic programs: who finds it taken sleeps at once, as a
// thread does that a tester's lock has disabled. The runtime's own lock spins first,
// and every look it takes would be a step that the published programs do not have.

#include <cstdint>

#include "runtime/os/os.h"

namespace jitterbug::classic {

class Mutex {
 public:
  void lock(rt::Site at = {}) {
    if (word_.exchange(taken, rt::acquire, at) == free) return;
    // The exchange may have overwritten "awaited"; and one who slept cannot know
    // whether others still do.
    while (word_.exchange(awaited, rt::acquire, at) != free) rt::os::futex_wait(word_, awaited, rt::forever);
  }
  void unlock(rt::Site at = {}) {
    if (word_.exchange(free, rt::release, at) == awaited) rt::os::futex_wake(word_, 1);
  }

 private:
  static constexpr std::uint32_t free = 0;
  static constexpr std::uint32_t taken = 1;
  static constexpr std::uint32_t awaited = 2;  // taken, and somebody may sleep

  rt::os::Atomic<std::uint32_t> word_{free};
};

class MutexGuard {
 public:
  explicit MutexGuard(Mutex& m) : mutex_(m) { mutex_.lock(); }
  ~MutexGuard() { mutex_.unlock(); }
  MutexGuard(const MutexGuard&) = delete;
  MutexGuard& operator=(const MutexGuard&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace jitterbug::classic
