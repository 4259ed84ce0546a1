#pragma once
// Every G of a scheduler. A G is freed with the scheduler and not before: others look
// at it whenever they like. A dead one waits for its next life, on one of two lists:
//
//   idle   it has a stack; the last to die lives first
//   bare   the scavenger has given its stack back to the system
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

  // A dead G with a stack, on no list. Ends the program when there is no memory for it.
  G* get();
  // One that has had no life yet, for an extra M: it is not put back.
  G* get_new();

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
  G* make();
  void give_stack(G* gp);

  mutable Lock lock_{"gs.lock"};
  IntrusiveQueue<G, &G::all_link> all_;  // guarded by lock_
  GQueue idle_;                          // guarded by lock_: dead Gs with a stack
  GQueue bare_;                          // guarded by lock_: dead Gs without
  const std::size_t stack_size_;
};

}  // namespace rt
