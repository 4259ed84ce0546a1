#pragma once
// The scheduler lock, and the proof that it is held.
//
// A function that needs the scheduler lock takes a Held. Only the lock makes one, so a
// call without the lock does not compile. A Held is an empty value: nothing is passed.
//
// What the compiler does not see: a copy of a Held outlives the section of the lock that
// it comes from, and start_m_locked() frees the lock for a while and takes it again.

#include "runtime/os/os.h"
#include "runtime/sync/lock.h"

namespace rt {

class Held {
  friend class SchedLock;
  Held() = default;
};

class SchedLock {
 public:
  [[nodiscard]] Held lock(os::Site at = {}) {
    lock_.lock(at);
    return {};
  }
  void unlock(Held, os::Site at = {}) { lock_.unlock(at); }

  // For observers: nobody holds it now. Stale at once.
  bool seems_free() const { return lock_.seems_free(); }

 private:
  Lock lock_{"sched.lock"};
};

// Holds the lock to the end of a block; passed as the Held of that block.
class SchedGuard {
 public:
  explicit SchedGuard(SchedLock& lock, os::Site at = {}) : lock_(lock), held_(lock.lock(at)) {}
  ~SchedGuard() { lock_.unlock(held_); }
  SchedGuard(const SchedGuard&) = delete;
  SchedGuard& operator=(const SchedGuard&) = delete;
  operator Held() const { return held_; }

 private:
  SchedLock& lock_;
  [[no_unique_address]] Held held_;
};

}  // namespace rt
