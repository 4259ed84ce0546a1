#pragma once
// Which thread holds which lock of the program, as the locks report it; and the mistakes that
// show in these reports. Not thread-safe: part of one machine.

#include <vector>

#include "runtime/os/engine.h"

namespace jitterbug {

class Locks {
 public:
  void reset();

  // Notes what `thread` does to `lock`; returns what is wrong with it, or null.
  const char* note(rt::engine::LockEvent e, rt::engine::ObjectId lock, rt::engine::ThreadId thread);

 private:
  std::vector<rt::engine::ThreadId> holders_;  // by lock; no_thread: free
};

}  // namespace jitterbug
