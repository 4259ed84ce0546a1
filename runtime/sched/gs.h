#pragma once
// Every G of a scheduler. A G is freed with the scheduler and not before: others look
// at it whenever they like. A dead one waits for its next life, on one of two lists:
//
//   idle   it has a stack; the last to die lives first
//   bare   a G that was about to run has got its stack, or the system has got it back
//
// Thread-safe. Stacks are made and given back without the lock.

#include <cstddef>
#include <cstdint>

#include "runtime/goroutine/g.h"
#include "runtime/sync/lock.h"

namespace rt {

class Gs {
 public:
  explicit Gs(std::size_t stack_size) : stack_size_(stack_size) {}
  ~Gs();
  Gs(const Gs&) = delete;
  Gs& operator=(const Gs&) = delete;

  // A dead G for its next life, or its first, with a stack if there is an idle one. Ends
  // the program when there is no memory.
  G* get();
  // One for an extra M, with a stack. It is not put back.
  G* get_new();
  // A stack for gp, if it has none. Ends the program when there is no memory.
  void give_stack(G* gp);

  // gp has died. True: there are more idle stacks than limits::stacks_kept.
  [[nodiscard]] bool put(G* gp);

  // Gives some of the idle stacks above limits::stacks_kept back to the system. True: there
  // are more.
  bool release_stacks();

  // Calls look(g) for each G, the oldest first, under the lock.
  template <class Look>
  void for_each(Look look) const {
    LockGuard guard(lock_);
    for (const G* gp = all_.front(); gp != nullptr; gp = gp->all_link) look(*gp);
  }

  // For observers.
  bool lock_seems_free() const { return lock_.seems_free(); }

 private:
  G* make(const LockGuard&);

  mutable Lock lock_{"gs.lock"};
  IntrusiveQueue<G, &G::all_link> all_;  // guarded by lock_
  GQueue idle_;                          // guarded by lock_: dead Gs with a stack
  GQueue bare_;                          // guarded by lock_: dead Gs without
  const std::size_t stack_size_;
};

}  // namespace rt
