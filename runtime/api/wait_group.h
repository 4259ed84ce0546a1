#pragma once
// Waiting for others: a counter that Gs wait to reach zero, and the one-token
// gate it is made of.

#include <cstdint>

#include "runtime/os/os.h"

namespace rt {

struct G;

// Suspends one G until somebody lets it go. One token: a ready() before the
// park() is not lost, a second one is. park() is for one G at a time; ready()
// may be called from any G or callback of the same runtime.
class Parker {
 public:
  Parker() = default;
  void park();
  void ready();

 private:
  friend struct ParkerCommit;
  // 0, nobody: nothing; 1, token: ready() came first; otherwise the address of the parked G.
  //
  //   from    to      by                                     order
  //   nobody  token   ready()                                acq_rel
  //   nobody  G*      the commit of park()                   acq_rel
  //   G*      token   ready(), which then readies the G      acq_rel
  //   token   nobody  park(), now or when its G goes on      acq_rel
  os::Atomic<std::uintptr_t> word_{0, "parker"};
};

// Counts work that is under way. wait() returns when the count is zero. add()
// must not raise the count from zero while another G waits. One waiter, a G; add()
// and done() from any G or callback of the same runtime.
class WaitGroup {
 public:
  void add(int n);
  void done();
  void wait();

 private:
  // The count in units of `one`, and whether somebody waits. One word, because the
  // waiter may destroy the group as soon as it knows that the count is zero.
  static constexpr std::int64_t waiting = 1;
  static constexpr std::int64_t one = 2;

  os::Atomic<std::int64_t> word_{0, "wait_group"};
  Parker gate_;
};

}  // namespace rt
