// The loop of an M: find a G, run it, act on how it left.

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

void Sched::change_status(G* gp, GStatus from, GStatus to) {
  GStatus seen = from;
  const bool changed = gp->status.cas_strong(seen, to, acq_rel, acquire);  // publishes the G to its next owner
  check(changed, "g: a status changes from the state its owner knows");
}

// Runs Gs, beginning with gp if there is one, until the scheduler stops, the M's
// locked G ends, or a callback is over.
void Sched::run_loop(M* mp, G* gp) {
  bool inherits_slice = false;
  for (;;) {
    if (gp == nullptr) {
      const Found found = schedule(mp);
      gp = found.g;
      inherits_slice = found.inherits_slice;
    }
    if (gp == nullptr) break;
    gp = execute(mp, gp, inherits_slice);
    inherits_slice = false;
    if (mp->ends || mp->callback_over) return;
  }
  if (mp->spinning.get()) spinners_.stop(mp);
}

// The next G for mp, which then holds a P; none when the scheduler stops.
Sched::Found Sched::schedule(M* mp) {
  check(mp->locks.get() == 0, "schedule: an M with locks does not leave its G");
  if (mp->locked_g.get() != nullptr) {
    stop_locked_m(mp);
    if (stopping()) return {};
    return {mp->locked_g.get(), false};
  }
  for (;;) {
    const Found found = find_runnable(mp);
    if (!found) return {};
    if (mp->spinning.get()) reset_spinning(mp);
    M* owner = found.g->locked_m.load(acquire);  // pairs with lock_thread(): only its own M may run it
    if (owner == nullptr) return found;
    start_locked_m(mp, found.g, owner);
  }
}

G* Sched::execute(M* mp, G* gp, bool inherits_slice) {
  if (!gp->begun) begin(gp);
  // Observers of a running G follow its m: it is set first.
  gp->m.store(mp, release);  // publishes m to observers of the status
  os::race_window(Window::execute_m_before_status);
  change_status(gp, GStatus::runnable, GStatus::running);
  gp->preempt.store(false, relaxed);  // stale is fine: sysmon asks again in its next round
  if (!inherits_slice) mp->p.get()->sched_tick.fetch_add(1, relaxed);  // statistic
  return resume(mp, gp);
}

// Runs gp on its own stack until it leaves, then performs on g0 what it left for.
G* Sched::resume(M* mp, G* gp) {
  mp->curg.store(gp, release);  // publishes to preempt_one()
  mp->on_g0.set(false);
  gp->fiber.switch_from(mp->g0);
  mp->on_g0.set(true);
  return mp->leave_action(*this, mp, gp, mp->leave_argument);
}

// Called on a G: leaves its stack for g0, which performs `action` (in Go: mcall). Returns when
// the G is resumed, perhaps on another thread; not at all if it was the last time.
void Sched::leave(LeaveAction action, void* argument, bool last) {
  M* mp = current_m();
  G* gp = mp->curg.load(relaxed);  // owner-only word
  mp->leave_action = action;
  mp->leave_argument = argument;
  mp->g0.switch_from(gp->fiber, last);
}

void Sched::drop_g(M* mp) {
  G* gp = mp->curg.load(relaxed);  // owner-only word
  gp->m.store(nullptr, relaxed);   // stale is fine: an observer asks the wrong M, in vain
  mp->curg.store(nullptr, relaxed);  // stale is fine: as above
}

}  // namespace rt
