// Giving Ps to Ms, and what an M does that has none.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Runs pp, which is on no list, on some M. spinning: pp has no work, and the caller has
// counted the M as a spinner.
//
// A caller without a P is not counted as running. Between the moment it took pp and the
// moment an M is responsible for it, it holds the lock, or the id of the M in the making
// is reserved: check_dead() must count somebody.
void Sched::start_m(P* pp, bool spinning) {
  PinnedM pinned;
  const Held held = lock_.lock();
  const Taker taker = find_taker(held, spinning);
  lock_.unlock(held);
  if (taker.idle != nullptr) return start_idle_m(taker.idle, pp, spinning);
  if (!taker.is_new) return;
  os::race_window(Window::startm_id_reserve);
  bring_up_m(pp, spinning, taker.id);
}

// For a caller that holds the lock and goes on under it. The lock is free for a while if a
// thread has to be made.
void Sched::start_m_locked(Held held, P* pp, bool spinning) {
  PinnedM pinned;
  const Taker taker = find_taker(held, spinning);
  if (taker.idle != nullptr) return start_idle_m(taker.idle, pp, spinning);
  if (!taker.is_new) return;
  lock_.unlock(held);
  os::race_window(Window::startm_id_reserve);
  os::race_window(Window::injectglist_newm_gap);
  bring_up_m(pp, spinning, taker.id);
  if (os::upheld(Safeguard::lock_held_caller_gets_lock_back)) static_cast<void>(lock_.lock());
}

// From here on the taker counts as running, and the end waits for the birth of a new one.
Sched::Taker Sched::find_taker(Held held, bool spinning) {
  if (stopping()) {
    if (spinning) spinners_.lower();
    return {};
  }
  if (M* idle = ms_.get_idle(held)) return {.idle = idle};
  const std::int64_t id = os::upheld(Safeguard::id_reserved_before_unlock) ? reserve_m_id(held) : Ms::unreserved;
  births_.fetch_add(1, seq_cst);  // pairs with join_threads()
  return {.is_new = true, .id = id};
}

// mp is off the idle list, and no other thread may start it. What it needs is set before it
// wakes.
void Sched::start_idle_m(M* mp, P* pp, bool spinning) {
  os::race_window(Window::startm_transient_owner_preempt);
  check(!mp->spinning.get(), "start_m: an idle M does not spin");
  check(mp->next_p == nullptr, "start_m: an idle M has no P on its way");
  check(!spinning || pp->queue.empty(), "start_m: a spinner starts with an empty queue");
  mp->spinning.set(spinning);  // (N2)
  mp->next_p = pp;             // (N2)
  os::race_window(Window::nextp_before_wake);
  const bool first = mp->park.wake();  // publishes next_p and spinning to stop_m()
  check(first || stopping(), "start_m: an idle M is woken once");
}

// Parks mp until somebody gives it a P, or the scheduler stops.
void Sched::stop_m(M* mp) {
  check(mp->locks.get() == 0, "stop_m: an M with locks does not park");
  check(mp->p.get() == nullptr, "stop_m: an M with a P does not park");
  check(!mp->spinning.get(), "stop_m: a spinner does not park");
  {
    SchedGuard held(lock_);
    if (stopping()) return;
    ms_.put_idle(held, mp);
    os::race_window(Window::checkdead_on_every_drop);
    check_dead(held);
  }
  os::race_window(Window::stopm_list_before_sleep);
  mp->park.sleep();  // (N3)
  mp->park.clear();  // (N4)
  P* pp = std::exchange(mp->next_p, nullptr);
  if (pp == nullptr && stopping()) return;
  acquire_p(mp, pp);
}

// Starts an M on pp, which no M owns any more, if there is or may be work for it; otherwise pp
// goes idle. Must start one for every source of work that find_runnable() would serve.
void Sched::handoff_p(P* pp) {
  os::race_window(Window::handoffp_findrunnable_agreement);
  const bool local_work = !pp->queue.empty();
  const std::int32_t global_work = global_queue_.published_size();
  if (local_work || global_work != 0) return start_m(pp, false);
  // No M searches and no P is idle: every P is in use, so work may come up.
  const std::int32_t spinning = spinners_.count();
  const std::int32_t idle = idle_ps_.count();
  if (spinning + idle == 0 && spinners_.raise_first_and_search()) {
    os::race_window(Window::spinning_start_with_local_work);
    return start_m(pp, true);
  }
  os::race_window(Window::handoffp_unlocked_checks);
  const Held held = lock_.lock();
  const std::int32_t now_queued = global_queue_.size(held);
  const bool nobody_polls = !poll_slot_.taken();
  const bool nobody_would_poll = idle_ps_.count() == options_.procs - 1 && nobody_polls;
  if (now_queued != 0 || nobody_would_poll) {
    lock_.unlock(held);
    os::race_window(Window::handoffp_last_p_no_poller);
    return start_m(pp, false);
  }
  // (I1) A submitter may have found no idle P because this one was on its way here, and the
  // spinners that were seen above may have stopped.
  if (spinners_.requested(held)) {
    spinners_.answer(held);
    lock_.unlock(held);
    return start_m(pp, true);
  }
  // The timer is read before the P is idle. It is acted upon when the lock is free, for
  // wake_poller() may start an M.
  const Instant timer = timers_.next();
  idle_ps_.put(held, pp);
  lock_.unlock(held);
  os::race_window(Window::handoffp_timer_wake);
  if (timer != 0) wake_poller(timer);
}

void Sched::acquire_p(M* mp, P* pp) {
  check(pp != nullptr, "acquire_p: an M that is woken to run has a P on its way");
  check(mp->p.get() == nullptr, "acquire_p: an M has one P at a time");
  M* owner = pp->m.load(relaxed);               // ordered by the thread that gave up the P
  const PStatus was = pp->status.load(relaxed);  // ordered by the thread that gave up the P
  check(owner == nullptr && was == PStatus::idle, "acquire_p: the P is nobody's");
  mp->p.set(pp);
  pp->m.store(mp, release);                      // publishes to preempt_one()
  pp->status.store(PStatus::running, release);   // publishes to retake()
}

P* Sched::release_p(M* mp) {
  P* pp = mp->p.get();
  check(pp != nullptr, "release_p: the M has a P");
  M* owner = pp->m.load(relaxed);  // owner-only word
  check(owner == mp, "release_p: the P is this M's");
  mp->p.set(nullptr);
  pp->m.store(nullptr, release);                // publishes to preempt_one()
  pp->status.store(PStatus::idle, release);     // publishes to acquire_p() of the next owner
  return pp;
}

}  // namespace rt
