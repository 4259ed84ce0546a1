#pragma once
// The runtime's own mutual exclusion, for sections of a few instructions.
//
// One word, three states:
//
//   from       to         by                                    order
//   unlocked   locked     a taker that never slept              acquire
//   locked     locked     a taker that came too late            acquire
//   sleeping   locked     a taker that came too late: it puts    acquire
//                         "sleeping" back before it sleeps, or
//                         takes the lock as "sleeping"
//   unlocked   sleeping   a taker that slept: it cannot know     acquire
//                         whether others still sleep
//   locked     sleeping   a taker about to sleep                acquire
//   locked     unlocked   the holder                            release
//   sleeping   unlocked   the holder, who then wakes one        release
//
// Once a thread has slept it takes the lock as "sleeping" only: taking it as
// "locked" would forget the sleepers it left behind. A needless wake is the price.
//
// Blocking, not recursive. The word is touched after unlock() by the kernel call
// only, so a lock may be destroyed by whoever takes it next.

#include <cstdint>

#include "runtime/os/os.h"

namespace rt {

class Lock {
 public:
  explicit Lock(os::Name name = {}) : word_(unlocked, name), watch_(name) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void lock(os::Site at = {});
  void unlock(os::Site at = {});

  // For observers: nobody holds it now. Stale at once.
  bool seems_free() const { return word_.peek() == unlocked; }

 private:
  static constexpr std::uint32_t unlocked = 0;
  static constexpr std::uint32_t locked = 1;
  static constexpr std::uint32_t sleeping = 2;

  void lock_slow(std::uint32_t take_as);
  bool spin(std::uint32_t take_as);

  os::Atomic<std::uint32_t> word_;
  [[no_unique_address]] os::LockWatch watch_;
};

class LockGuard {
 public:
  explicit LockGuard(Lock& l, os::Site at = {}) : lock_(l) { lock_.lock(at); }
  ~LockGuard() { lock_.unlock(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  Lock& lock_;
};

}  // namespace rt
