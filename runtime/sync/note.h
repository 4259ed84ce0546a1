#pragma once
// A one-shot wake-up: one sleeper, one waker, then clear() and again.
//
//   waker                              sleeper
//   (K1) key = 1                       (S1) key == 1?  done
//   (K2) futex wake                    (S2) futex wait while key == 0, then (S1)
//
// The key is sticky: a wake before the sleep is not lost. clear() belongs to the
// sleeper, after it has been woken and before anybody may wake it again; who may
// wake again is ruled by whoever shares the note (an idle list, a lock).

#include <cstdint>

#include "runtime/os/os.h"

namespace rt {

class Note {
 public:
  explicit Note(os::Name name = {}) : key_(0, name) {}
  void name(os::Name name) { key_.name(name); }

  // False: it had been woken already, and not cleared since.
  [[nodiscard]] bool wake();
  void sleep();
  // Sleeps for at most d; true if it was woken.
  bool sleep_for(Duration d);
  void clear();

 private:
  os::Atomic<std::uint32_t> key_;
};

}  // namespace rt
