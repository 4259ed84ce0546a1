#pragma once
// When which sleeping G is due. One heap for all Ps.
//
// Any M may run what is due; whoever goes idle sleeps in the poller until next().
// A G is armed only after it has become waiting (in the commit of its park), or a
// timer that fires at once would ready a G that still runs.
//
// Thread-safe.

#include <cstdint>
#include <vector>

#include "runtime/goroutine/g.h"
#include "runtime/sync/lock.h"

namespace rt {

class TimerQueue {
 public:
  // Arms a timer for gp. True: it is the earliest of all now.
  bool add(G* gp, Instant when);

  // Appends every G that is due at `now`.
  void take_due(Instant now, GQueue& out);

  // The earliest deadline; 0: none. An unlocked look.
  Instant next() const { return next_.load(seq_cst); }  // pairs with publish()
  bool empty() const { return next() == 0; }

 private:
  struct Timer {
    Instant when;
    std::uint64_t order;  // of arming: equal deadlines fire in it
    G* g;
    bool operator>(const Timer& o) const { return when != o.when ? when > o.when : order > o.order; }
  };

  void publish();

  Lock lock_{"timers.lock"};
  std::vector<Timer> heap_;   // guarded by lock_; earliest first
  std::uint64_t armed_ = 0;   // guarded by lock_
  os::Atomic<Instant> next_{0, "timers.next"};
};

}  // namespace rt
