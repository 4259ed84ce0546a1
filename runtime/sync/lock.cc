#include "runtime/sync/lock.h"

#include "runtime/base/check.h"
#include "runtime/base/limits.h"

namespace rt {

void Lock::lock(os::Site at) {
  watch_.acquiring(at);
  const std::uint32_t was = word_.exchange(locked, acquire);  // (L1) pairs with (U1)
  // The exchange may have overwritten "sleeping": whoever did so must put it back.
  if (was != unlocked) lock_slow(was);
  watch_.acquired(at);
}

void Lock::lock_slow(std::uint32_t take_as) {
  for (;;) {
    if (spin(take_as)) return;
    const std::uint32_t was = word_.exchange(sleeping, acquire);  // pairs with (U1)
    if (was == unlocked) return;
    take_as = sleeping;
    os::race_window(Window::mutex_sleeping_sticky);
    os::futex_wait(word_, sleeping, forever);
  }
}

bool Lock::spin(std::uint32_t take_as) {
  constexpr int spins = limits::lock_spins_active + limits::lock_spins_passive;
  for (int i = 0; i < spins; ++i) {
    std::uint32_t seen = word_.load(relaxed);  // stale is fine: the exchange decides
    while (seen == unlocked) {
      if (word_.cas_weak(seen, take_as, acquire, relaxed)) return true;  // pairs with (U1)
    }
    if (i < limits::lock_spins_active) {
      for (int k = 0; k < limits::lock_spin_pauses; ++k) os::relax();
    } else {
      os::yield();
    }
  }
  return false;
}

void Lock::unlock(os::Site at) {
  watch_.releasing(at);
  const std::uint32_t was = word_.exchange(unlocked, release);  // (U1) pairs with (L1)
  check(was != unlocked, "lock: the lock that is released is held");
  if (was == sleeping) os::futex_wake(word_, 1);
}

}  // namespace rt
