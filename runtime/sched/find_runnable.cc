// Work for an M, or its sleep.
//
// In order of nearness: timers that are due, the P's own queue, the global queue,
// the poller, other Ps. An M that finds nothing gives up its P, looks once more
// (see spinners.h), waits in the poller if nobody else does, and parks.

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/steal_order.h"

namespace rt {

// A G for mp, which holds a P then. None when the scheduler stops.
Sched::Found Sched::find_runnable(M* mp) {
  for (;;) {
    if (stopping()) return {};
    if (Found found = look_with_p(mp)) return found;
    if (stopping()) return {};

    G* gp = nullptr;
    const bool was_spinning = mp->spinning.get();
    switch (drop_p(mp, gp)) {
      case Drop::found_work: return {gp, false};
      case Drop::must_spin: continue;
      case Drop::parked_p: break;
    }
    if (was_spinning && recheck_queues(mp)) continue;
    if (poll_until_work(mp, was_spinning, gp)) {
      if (gp != nullptr) return {gp, false};
      continue;
    }
    stop_m(mp);
  }
}

Sched::Found Sched::look_with_p(M* mp) {
  mp->searches.add(1);
  const Instant now = os::now();
  run_timers(mp, now);
  if (Found found = look_near(mp)) return found;
  if (Found found = poll_without_waiting()) return found;
  if (!may_spin(mp)) return {};
  for (bool again = true; again;) {
    again = false;
    if (Found found = steal_work(mp, again)) return found;
    if (again) {
      if (Found found = look_near(mp)) return found;
    }
  }
  return {};
}

// The P's own queue, then the global one. Now and then it is the other way round, so that
// Gs that keep readying each other do not starve the rest.
Sched::Found Sched::look_near(M* mp) {
  P* pp = mp->p.get();
  const std::uint32_t tick = pp->sched_tick.load(relaxed);  // owner-only word
  end_slice(pp);
  if (tick % limits::global_queue_period == 0) {
    if (G* gp = look_global(pp, 1)) return {gp, false};
  }
  const RunQueue::Taken own = pp->queue.get();
  if (own.g != nullptr) return {own.g, own.inherits_slice};
  return {look_global(pp, 0), false};
}

// An unlocked look first; drop_p() looks again under the lock.
G* Sched::look_global(P* pp, std::int32_t most) {
  if (global_queue_.published_size() == 0) return nullptr;
  os::race_window(Window::global_queue_unlocked_peek);
  SchedGuard held(lock_);
  return global_queue_.get(held, pp, most);
}

// If sysmon has found the time slice used up, the G that would inherit it goes to the end of
// the global queue, like the G whose slice it was.
void Sched::end_slice(P* pp) {
  const bool over = pp->slice_over.load(relaxed);  // stale is fine: seen in the next round
  if (!over) return;
  pp->slice_over.store(false, relaxed);  // stale is fine: sysmon asks again
  G* heir = pp->queue.take_next();
  if (heir == nullptr) return;
  {
    SchedGuard held(lock_);
    global_queue_.put(held, heir);
  }
  // The G has moved from a local queue to the global one. A spinner that has already looked
  // at the global queue would miss it in both.
  wake_p();
}

// There are half as many spinners as busy Ps: more would burn processors while there is
// little to find. Ms that look at the same time may overshoot the limit. An M that is
// turned away relies on the spinners there are, and on needspinning.
bool Sched::may_spin(const M* mp) const {
  if (mp->spinning.get()) return true;
  const std::int32_t spinning = spinners_.count();
  const std::int32_t idle = idle_ps_.count();
  os::race_window(Window::spinner_limit_bypass);
  return 2 * spinning < options_.procs - idle;
}

Sched::Found Sched::steal_work(M* mp, bool& again) {
  if (!mp->spinning.get()) spinners_.become(mp);
  P* pp = mp->p.get();
  for (int round = 0; round < limits::steal_rounds; ++round) {
    const bool last_round = round == limits::steal_rounds - 1;
    StealOrder order(static_cast<std::uint32_t>(options_.procs));
    for (; !order.done(); order.next()) {
      if (stopping()) return {};
      P* victim = ps_[order.position()].get();
      if (victim == pp || idle_ps_.is_idle(victim)) continue;
      const PStatus status = victim->status.load(relaxed);  // stale is fine: only a courtesy to a running owner
      if (G* gp = pp->queue.steal_from(victim->queue, status == PStatus::running, last_round)) return {gp, false};
    }
    if (last_round) {
      // The Gs of timers that have come due are on this P's queue now.
      const Instant now = os::now();
      run_timers(mp, now);
      os::race_window(Window::steal_restart_on_new_work);
      again = !pp->queue.empty();
    }
  }
  return {};
}

// Gives up the P, unless a last look under the lock finds a G or a request for a spinner.
// After release_p() nothing of the P may be touched.
Sched::Drop Sched::drop_p(M* mp, G*& found) {
  P* pp = mp->p.get();
  os::race_window(Window::nonspinning_drop_vs_wakep);
  os::race_window(Window::nonspinning_drop_vs_injectglist);
  {
    SchedGuard held(lock_);
    if (global_queue_.size(held) != 0) {
      found = global_queue_.get(held, pp, 0);
      return Drop::found_work;
    }
    if (!mp->spinning.get() && spinners_.requested(held) && os::upheld(Safeguard::needspinning_tested_before_drop)) {
      spinners_.answer(held, mp);
      return Drop::must_spin;
    }
    os::race_window(Window::needspinning_test_and_drop_atomicity);
    release_p(mp);
    idle_ps_.put(held, pp);
  }
  return Drop::parked_p;
}

// The spinner's second look, (B4). True: it has a P again and spins on. Every spinner looks,
// not only the last one: nmspinning may still be raised for a thread that is then not started.
bool Sched::recheck_queues(M* mp) {
  os::race_window(Window::submit_vs_last_spinner);
  spinners_.stop(mp);  // (B2)
  os::race_window(Window::drop_order_dec_then_check);
  P* pp = check_queues_no_p();
  if (pp == nullptr) return false;
  acquire_p(mp, pp);
  spinners_.become(mp);
  return true;
}

// An idle P, if there is work that an M with a P would find. If there is work and no P, a
// spinner is requested.
P* Sched::check_queues_no_p() {
  if (!work_queued()) return nullptr;
  os::race_window(Window::recheck_finds_work_no_p);
  SchedGuard held(lock_);
  P* pp = idle_p_or_request(held);
  if (pp != nullptr) wake_sysmon_locked(held);
  return pp;
}

// The global queue counts too: a G may have come there since the look under the lock, and its
// wake may have relied on the spinner that looks here.
bool Sched::work_queued() const {
  if (global_queue_.published_size() != 0) return true;
  for (const auto& pp : ps_) {
    if (!idle_ps_.is_idle(pp.get()) && !pp->queue.empty()) return true;
  }
  return false;
}

// Readies the Gs whose timers are due. They queue behind the others: there is no time slice
// for them to inherit.
void Sched::run_timers(M* mp, Instant now) {
  GQueue due;
  timers_.take_due(now, due);
  while (G* gp = due.pop_front()) ready_on(mp, gp, false);
}

}  // namespace rt
