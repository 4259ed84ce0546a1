#include "harness/sim/locks.h"

namespace jitterbug {

using rt::engine::LockEvent;
using rt::engine::no_thread;

void Locks::reset() { holders_.clear(); }

const char* Locks::note(LockEvent e, rt::engine::ObjectId lock, rt::engine::ThreadId thread) {
  if (lock >= holders_.size()) holders_.resize(lock + 1, no_thread);
  rt::engine::ThreadId& holder = holders_[lock];
  switch (e) {
    case LockEvent::acquiring: return holder == thread ? "a thread takes a lock it holds already" : nullptr;
    case LockEvent::acquired: {
      const bool taken = holder != no_thread && holder != thread;
      holder = thread;
      return taken ? "two threads hold one lock" : nullptr;
    }
    case LockEvent::releasing: {
      const bool held = holder == thread;
      holder = no_thread;
      return held ? nullptr : "a thread releases a lock it does not hold";
    }
  }
  return nullptr;
}

}  // namespace jitterbug
