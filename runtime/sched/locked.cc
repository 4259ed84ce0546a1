// Gs tied to threads: such a G runs on its M only, and that M runs nothing else.

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

void Sched::lock_thread() {
  M* mp = current_m();
  G* gp = mp->curg.load(relaxed);  // owner-only word
  if (gp->lock_count++ > 0) return;
  mp->locked_g.set(gp);
  gp->locked_m.store(mp, release);  // pairs with schedule()
}

void Sched::unlock_thread() {
  M* mp = current_m();
  G* gp = mp->curg.load(relaxed);  // owner-only word
  check(gp->lock_count > 0, "unlock_thread: the G is tied to its thread");
  if (--gp->lock_count > 0) return;
  mp->locked_g.set(nullptr);
  gp->locked_m.store(nullptr, release);  // pairs with schedule()
}

// The M counts as parked only when its P has a taker: the count of running Ms must not dip.
void Sched::stop_locked_m(M* mp) {
  G* gp = mp->locked_g.get();
  M* owner = gp->locked_m.load(relaxed);  // owner-only word
  check(owner == mp, "stop_locked_m: the M's G is tied to it");
  if (mp->p.get() != nullptr) handoff_p(release_p(mp));
  os::race_window(Window::stoplockedm_count_vs_start);
  add_idle_locked(1);
  mp->parked_locked.store(true, seq_cst);  // pairs with stop()
  if (!stopping()) mp->park.sleep();       // (N3)
  mp->parked_locked.store(false, relaxed);  // owner-only word
  if (stopping()) return;
  mp->park.clear();  // (N4)
  const GStatus status = gp->status.load(acquire);  // pairs with whoever readied it
  check(status == GStatus::runnable, "stop_locked_m: the M wakes when its G is runnable");
  P* pp = mp->next_p;
  mp->next_p = nullptr;
  acquire_p(mp, pp);
}

// mp found gp, which only `owner` may run: owner gets the P, and mp parks. The run
// count rises for owner before it falls for mp.
void Sched::start_locked_m(M* mp, G* gp, M* owner) {
  check(owner != mp, "start_locked_m: an M does not hand its G to itself");
  check(owner->next_p == nullptr, "start_locked_m: the M has no P on its way");
  check(gp->locked_m.load(relaxed) == owner,  // ordered by schedule()
        "start_locked_m: a runnable G does not change its thread");
  add_idle_locked(-1);
  owner->next_p = release_p(mp);  // (N2)
  os::race_window(Window::startlockedm_direct_handoff);
  const bool first = owner->park.wake();  // publishes next_p to stop_locked_m()
  check(first || stopping(), "start_locked_m: a locked M is woken once");
  stop_m(mp);
}

void Sched::add_idle_locked(std::int32_t change) {
  SchedGuard held(lock_);
  ms_.add_idle_locked(held, change);
  if (change > 0) check_dead(held);
}

}  // namespace rt
