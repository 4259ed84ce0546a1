#include "runtime/sync/note.h"

namespace rt {

bool Note::wake() {
  const auto order = os::upheld(Safeguard::wake_publishes) ? release : relaxed;
  const std::uint32_t was = key_.exchange(1, order);  // (K1) pairs with (S1): publishes what the waker wrote
  // From here on the sleeper may have returned and be gone: only the address is
  // used, and a futex wake on a dead address is at worst a spurious one.
  os::race_window(Window::wake_after_free);
  os::futex_wake(key_, 1);
  return was == 0;
}

void Note::sleep() {
  while (key_.load(acquire) == 0) {  // (S1) pairs with (K1)
    os::race_window(Window::note_sticky);
    os::futex_wait(key_, 0, forever);
  }
}

bool Note::sleep_for(Duration d) {
  const Instant start = os::now();
  Duration left = d;
  while (key_.load(acquire) == 0) {  // pairs with (K1)
    if (left <= 0) return false;
    os::futex_wait(key_, 0, left);
    // Whether this was the wake or the time-out is the key's to say, not the call's.
    os::race_window(Window::note_timeout);
    const Instant now = os::now();
    left = start + d - now;
  }
  return true;
}

void Note::clear() {
  os::race_window(Window::note_clear_race);
  key_.store(0, relaxed);  // owner-only word: nobody wakes between the wake and the clear
}

}  // namespace rt
