#pragma once
// The spare Ms that external threads borrow to run Gs.
//
// An external thread has no M, so it cannot take a lock that needs one: the list
// is locked by swapping its head for a sentinel, and a thread that meets the
// sentinel spins. This also rules out the ABA of a plain compare-and-swap pop.
//
//   length   Ms on the list. Changed under the sentinel, before the new head is
//            published: changed after it, another thread could pop what was just
//            pushed and take the counter below zero.
//   in use   Ms taken and not yet put back. Raised and lowered under the sentinel,
//            and only where an M really changes hands; making a new spare M is no
//            use of it.
//   waiters  threads that found the list empty, each counted once. The thread that
//            makes Ms next takes the count and makes as many.
//
// A thread that takes the last M makes another one as soon as it has a P, so the list is
// never empty for long; until then other threads wait in short sleeps.
//
// Thread-safe.

#include <cstdint>

#include "runtime/os/os.h"
#include "runtime/os/statistic.h"

namespace rt {

struct M;

class ExtraMs {
 public:
  // Takes an M; waits while there is none. Null: `stopping` became true meanwhile.
  // last: it was the only one.
  M* get(bool& last, const os::Atomic<bool>& stopping);
  // Gives back an M that get() returned.
  void put(M* mp);
  // Adds a new M.
  void add(M* mp);

  std::uint32_t waiters() const { return waiters_.load(seq_cst); }  // pairs with lock_list()
  std::uint32_t take_waiters() { return waiters_.exchange(0, seq_cst); }  // pairs with lock_list()

  // Unlocked looks.
  std::int32_t length() const { return length_.load(seq_cst); }  // pairs with unlock_list()
  std::int32_t in_use() const { return in_use_.load(seq_cst); }  // pairs with get() and put()
  // Ms that are on the list or in use, to the last one.
  std::int32_t total();
  std::int32_t created() const { return created_.get(); }
  std::int32_t length_now() const { return length_.peek(); }
  std::int32_t in_use_now() const { return in_use_.peek(); }
  std::uint32_t waiters_now() const { return waiters_.peek(); }

 private:
  static constexpr std::uintptr_t locked = 1;

  // The head of the list, which is locked from here on. With `empty_ok` false it
  // waits for an M, and returns null, not locked, when `stopping` says so.
  M* lock_list(bool empty_ok, const os::Atomic<bool>* stopping);
  void unlock_list(M* head, std::int32_t change);

  os::Atomic<std::uintptr_t> head_{0, "extra_ms.head"};
  os::Atomic<std::int32_t> length_{0, "extra_ms.length"};
  os::Atomic<std::int32_t> in_use_{0, "extra_ms.in_use"};
  os::Atomic<std::uint32_t> waiters_{0, "extra_ms.waiters"};
  Statistic<std::int32_t> created_{0};  // changed under the sentinel
};

}  // namespace rt
