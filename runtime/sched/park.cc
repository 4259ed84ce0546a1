// Suspending the running G, and making a suspended one runnable.

#include <limits>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"

namespace rt {

// What an M does on g0 with a G that has just left its stack.
struct SchedActions {
  struct Park {
    ParkCommit commit;
    void* argument;
  };

  // The G counts as waiting before anybody can find it to wake it. After the commit it may
  // run elsewhere already: nothing of it may be touched.
  static G* park(Sched&, M* mp, G* gp, void* argument) {
    const Park park = *static_cast<Park*>(argument);
    Sched::change_status(gp, GStatus::running, GStatus::waiting);
    Sched::drop_g(mp);
    os::race_window(Window::park_unlock_after_status);
    if (park.commit(gp, park.argument)) return nullptr;
    os::race_window(Window::park_abort);
    Sched::change_status(gp, GStatus::waiting, GStatus::runnable);
    return gp;
  }

  static G* yield(Sched& sched, M* mp, G* gp, void*) {
    Sched::change_status(gp, GStatus::running, GStatus::runnable);
    Sched::drop_g(mp);
    os::race_window(Window::g_between_queues_at_gosched);
    {
      SchedGuard held(sched.lock_);
      sched.global_queue_.put(held, gp);
    }
    sched.wake_p();
    return nullptr;
  }

  struct Sleep {
    Sched* sched;
    Instant when;
  };

  // Armed only now: a timer that fires at once must find a G that waits.
  static bool commit_sleep(G* gp, void* argument) {
    const Sleep sleep = *static_cast<Sleep*>(argument);
    if (sleep.sched->timers_.add(gp, sleep.when)) sleep.sched->wake_poller(sleep.when);
    return true;
  }
};

void Sched::park(ParkCommit commit, void* argument) {
  SchedActions::Park park{commit, argument};
  leave(&SchedActions::park, &park);
}

void park_current(ParkCommit commit, void* argument) { current_m()->sched.park(commit, argument); }

void Sched::yield() { leave(&SchedActions::yield, nullptr); }

void Sched::sleep(Duration d) {
  if (d <= 0) return yield();
  const Instant now = os::now();
  constexpr Instant end_of_time = std::numeric_limits<Instant>::max();
  SchedActions::Sleep sleep{this, d > end_of_time - now ? end_of_time : now + d};
  park(&SchedActions::commit_sleep, &sleep);
}

void Sched::checkpoint() {
  G* gp = current_m()->curg.load(relaxed);           // owner-only word
  const bool asked = gp->preempt.load(relaxed);  // stale is fine: seen at the next checkpoint
  if (asked) yield();
}

void Sched::ready(G* gp) {
  PinnedM mp;
  ready_on(mp.get(), gp, true);
}

void ready(G* gp) { current_m()->sched.ready(gp); }

void Sched::ready_on(M* mp, G* gp, bool next) {
  change_status(gp, GStatus::waiting, GStatus::runnable);
  put_local(mp->p.get(), gp, next);  // (A1)
  wake_p();
}

void Sched::put_local(P* pp, G* gp, bool next) { put_all_global(pp->queue.put(gp, next)); }

void Sched::put_all_global(GQueue gs) {
  if (gs.empty()) return;
  SchedGuard held(lock_);
  global_queue_.put_all(held, std::move(gs));
}

}  // namespace rt
