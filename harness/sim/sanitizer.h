#pragma once
// What ThreadSanitizer has to be told of a simulation.
//
// To ThreadSanitizer a virtual thread is a thread of its own, although one OS thread runs them
// all, and a switch between two of them orders nothing. What would order real threads orders
// them: the program's atomics, which ThreadSanitizer sees, and what the system promises (a
// join, a pipe), which the machine reports. Nothing of that kind orders the machine's own
// bookkeeping, so ThreadSanitizer must not look at it: TsanIgnore.

#include "runtime/os/sanitizers.h"

// The machine is not compiled with ThreadSanitizer, the program around it may be: the
// link decides.
extern "C" {
[[gnu::weak]] void __tsan_ignore_thread_begin();
[[gnu::weak]] void __tsan_ignore_thread_end();
[[gnu::weak]] void __tsan_acquire(void* object);
[[gnu::weak]] void __tsan_release(void* object);
}

namespace jitterbug {

using rt::sanitized;

// ThreadSanitizer is part of the program, whether or not this is compiled with it.
inline bool races_are_detected() { return &__tsan_acquire != nullptr; }

// What the caller has done before system_releases() of an object happens before what another
// thread does after system_acquires() of it. The system promises this where it passes
// something on.
inline void system_releases(const void* object) {
  if (races_are_detected()) __tsan_release(const_cast<void*>(object));
}
inline void system_acquires(const void* object) {
  if (races_are_detected()) __tsan_acquire(const_cast<void*>(object));
}

// While it lives, ThreadSanitizer ignores plain accesses of the calling virtual thread.
class TsanIgnore {
 public:
  TsanIgnore() { begin(); }
  ~TsanIgnore() { end(); }
  TsanIgnore(const TsanIgnore&) = delete;
  TsanIgnore& operator=(const TsanIgnore&) = delete;

 private:
  friend class TsanIgnorePaused;

  static void begin() {
    if (races_are_detected()) __tsan_ignore_thread_begin();
  }
  static void end() {
    if (races_are_detected()) __tsan_ignore_thread_end();
  }
};

// Ends the caller's TsanIgnore for the time of a fiber switch. ThreadSanitizer reports a thread
// that ends while it is ignored, and a thread that the machine abandons never comes back to
// end the scope itself.
class TsanIgnorePaused {
 public:
  TsanIgnorePaused() { TsanIgnore::end(); }
  ~TsanIgnorePaused() { TsanIgnore::begin(); }
  TsanIgnorePaused(const TsanIgnorePaused&) = delete;
  TsanIgnorePaused& operator=(const TsanIgnorePaused&) = delete;
};

}  // namespace jitterbug
