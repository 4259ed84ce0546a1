#pragma once
// What ThreadSanitizer has to be told of a simulation.
//
// To ThreadSanitizer a virtual thread is a thread of its own, although one OS thread
// runs them all: a switch between two of them orders nothing. What orders them is what
// would order real threads: the atomics of the program, which it sees, and what the
// system promises (a join, a pipe), which the machine reports. The machine's own
// bookkeeping is ordered by nothing of that kind: nobody must look at it.

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

// What the caller has done so far happens before what follows system_acquires() of the
// same object: the system promises that where it passes something on.
inline void system_releases(const void* object) {
  if (races_are_detected()) __tsan_release(const_cast<void*>(object));
}
inline void system_acquires(const void* object) {
  if (races_are_detected()) __tsan_acquire(const_cast<void*>(object));
}

// While it lives, plain accesses of the calling virtual thread are not the program's.
class Unseen {
 public:
  Unseen() { begin(); }
  ~Unseen() { end(); }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  friend class Seen;

  static void begin() {
    if (races_are_detected()) __tsan_ignore_thread_begin();
  }
  static void end() {
    if (races_are_detected()) __tsan_ignore_thread_end();
  }
};

// Interrupts the one Unseen of the calling virtual thread for as long as that thread
// does not run: one that is never continued must not end unseen.
class Seen {
 public:
  Seen() { Unseen::end(); }
  ~Seen() { Unseen::begin(); }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;
};

}  // namespace jitterbug
