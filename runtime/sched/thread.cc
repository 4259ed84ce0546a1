// Giving Ps to Ms, making Ms, stopping them.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/base/memory.h"
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
  if (M* idle = m_get(held)) return {.idle = idle};
  const std::int64_t id = os::upheld(Safeguard::id_reserved_before_unlock) ? reserve_m_id(held) : unreserved;
  births_.fetch_add(1, seq_cst);  // pairs with join_threads()
  return {.is_new = true, .id = id};
}

// The M is off the idle list and nobody else's. What it needs is set before it wakes.
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

// A new M for pp. The system may refuse threads for a while. The reservation of
// the id is kept as long as pp is in hand: this thread may not be counted itself.
void Sched::bring_up_m(P* pp, bool spinning, std::int64_t id) {
  for (int refusals = 1; !new_m(pp, spinning, id) && !do_without_new_m(pp, spinning); ++refusals) {
    wait_for_threads(refusals);
  }
  births_.fetch_sub(1, seq_cst);  // pairs with join_threads()
}

// The system has refused a thread that nothing can stand in for, so many times in a row.
void Sched::wait_for_threads(int refusals) {
  if (refusals == limits::thread_refusals_max) {
    const Held held = lock_.lock();
    fatal_unlocked(held, Fatal::thread_exhaustion, "the system refuses the runtime a thread, again and again");
  }
  os::sleep(limits::thread_retry);
}

bool Sched::new_m(P* pp, bool spinning, std::int64_t& id) {
  M* mp = alloc_m(MKind::worker, id);
  mp->next_p = pp;
  mp->starts_spinning = spinning;
  os::race_window(Window::newm_preempt_before_clone);
  const bool filed = mp->thread_filed.exchange(false, relaxed);  // owner-only word: the M has no thread
  check(filed, "new_m: the last thread of the M has been filed");
  const bool started = mp->thread.start(&Sched::thread_main, mp, "m");
  mp->thread_filed.store(true, release);  // pairs with alloc_m()
  if (started) return true;
  SchedGuard held(lock_);
  mp->next_p = nullptr;
  mp->id.set(unreserved);  // the next attempt keeps the id, perhaps with another M
  mp->link = spent_ms_;
  spent_ms_ = mp;
  return false;
}

// There is no thread to be had now. An M that went idle meanwhile does as well. A
// P without work, which was only to search, goes back to the idle list: the next M
// that would idle searches instead, and sysmon tries again. A P with work must get
// a thread: false, try again.
bool Sched::do_without_new_m(P* pp, bool spinning) {
  const Held held = lock_.lock();
  if (M* idle = m_get(held)) {
    give_back_m_id(held);
    lock_.unlock(held);
    start_idle_m(idle, pp, spinning);
    return true;
  }
  const bool has_work = !pp->queue.empty() || !global_queue_.empty();
  const bool done = stopping() || (spinning && !has_work);
  if (done) {
    if (spinning) spinners_.lower();  // (W1)
    if (!stopping()) {
      spinners_.request(held);  // (W2)
      idle_ps_.put(held, pp);
      thread_refused_.store(true, release);  // pairs with retry_refused_thread()
    }
    give_back_m_id(held);
  }
  lock_.unlock(held);
  return done;
}

// An M that is on no list but that of all Ms. `id` is reserved, or becomes so.
M* Sched::alloc_m(MKind kind, std::int64_t& id) {
  M* mp = nullptr;
  {
    SchedGuard held(lock_);
    if (kind == MKind::extra) ++extra_ms_making_;
    const bool counted = id != unreserved && os::upheld(Safeguard::reserved_id_counts_once);
    if (!counted) id = reserve_m_id(held);
    if (kind == MKind::worker && spent_ms_ != nullptr) {
      mp = std::exchange(spent_ms_, spent_ms_->link);
      mp->link = nullptr;
    } else {
      const bool made = allocated([&] { ms_owned_.push_back(std::make_unique<M>(*this, kind)); });
      if (!made) fatal_unlocked(held, Fatal::out_of_memory, "no memory for an M");
      mp = ms_owned_.back().get();
      mp->all_link = all_ms_.load(relaxed);  // ordered by the scheduler lock
      all_ms_.store(mp, release);            // publishes the M to walkers, who take no lock
    }
    mp->take_id(id);
  }
  // The thread that used this M last is about to end, if it has not.
  while (!mp->thread_filed.load(acquire)) os::yield();  // pairs with new_m()
  if (mp->thread.joinable()) mp->thread.join();
  return mp;
}

// Counts an M that is about to exist. From here on it runs as far as check_dead() is
// concerned.
std::int64_t Sched::reserve_m_id(Held held) {
  const std::int64_t id = mnext_.get();
  mnext_.set(id + 1);
  check_thread_limit(held);
  return id;
}

// The M was never born.
void Sched::give_back_m_id(Held held) {
  if (os::upheld(Safeguard::failed_thread_gives_id_back)) nmfreed_.add(1);
  check_dead(held);
}

// Extra Ms are not counted: their threads are not ours. One
// that is being made is on no list yet.
void Sched::check_thread_limit(Held held) {
  if (mcount() <= options_.thread_limit) return;
  std::int32_t extra = extra_ms_making_;
  if (os::upheld(Safeguard::thread_count_leaves_out_extra_ms)) extra += extra_ms_.total();
  if (mcount() - extra <= options_.thread_limit) return;
  fatal_unlocked(held, Fatal::thread_exhaustion, "the program exceeds its thread limit");
}

void Sched::thread_main(void* argument) {
  M* mp = static_cast<M*>(argument);
  os::set_slot(mp);
  mp->sched.m_main(mp);
  os::set_slot(nullptr);
}

void Sched::m_main(M* mp) {
  if (mp->kind == MKind::system) {
    sysmon_main(mp);
    return;
  }
  os::race_window(Window::new_m_spinning_inheritance);
  // Before the P: from then on the M must act as what it was counted for.
  mp->spinning.set(mp->starts_spinning);
  os::race_window(Window::newm_p_in_flight);
  acquire_p(mp, std::exchange(mp->next_p, nullptr));
  run_loop(mp, nullptr);
  if (mp->ends) m_exit(mp);
}

// The M's locked G has ended and its thread goes with it. The P finds a taker
// before the count falls.
void Sched::m_exit(M* mp) {
  mp->ends = false;
  mp->locked_g.set(nullptr);
  handoff_p(release_p(mp));
  os::race_window(Window::mexit_handoff_before_count);
  {
    SchedGuard held(lock_);
    nmfreed_.add(1);
    if (mp->kind == MKind::worker) {
      mp->link = spent_ms_;
      spent_ms_ = mp;
    }
    check_dead(held);
  }
  // The first thread belongs to the caller of run(): it waits for the end.
  if (mp->kind == MKind::first) wait_for_stop(mp);
}

void Sched::m_put(Held held, M* mp) {
  mp->link = idle_ms_;
  idle_ms_ = mp;
  mp->idle.set(true);
  nmidle_.add(1);
  os::race_window(Window::checkdead_on_every_drop);
  check_dead(held);
}

M* Sched::m_get(Held) {
  M* mp = idle_ms_;
  if (mp == nullptr) return nullptr;
  idle_ms_ = mp->link;
  mp->link = nullptr;
  mp->idle.set(false);
  nmidle_.add(-1);
  return mp;
}

// Parks mp until somebody gives it a P, or the scheduler stops.
void Sched::stop_m(M* mp) {
  check(mp->locks.get() == 0, "stop_m: an M with locks does not park");
  check(mp->p.get() == nullptr, "stop_m: an M with a P does not park");
  check(!mp->spinning.get(), "stop_m: a spinner does not park");
  {
    SchedGuard held(lock_);
    if (stopping()) return;
    m_put(held, mp);
  }
  os::race_window(Window::stopm_list_before_sleep);
  mp->park.sleep();  // (N3)
  mp->park.clear();  // (N4)
  P* pp = std::exchange(mp->next_p, nullptr);
  if (pp == nullptr && stopping()) return;
  acquire_p(mp, pp);
}

// Gives pp, which the caller no longer owns through an M, to whoever has use for
// it. Must start an M for every source of work that find_runnable() would serve.
void Sched::handoff_p(P* pp) {
  os::race_window(Window::handoffp_findrunnable_agreement);
  const bool local_work = !pp->queue.empty();
  const std::int32_t global_work = global_queue_size_.load(seq_cst);  // stale is fine: looked at again under the lock
  if (local_work || global_work != 0) return start_m(pp, false);
  // Nobody searches and nobody idles: everybody is busy, so work may come up.
  const std::int32_t spinning = spinners_.count();
  const std::int32_t idle = idle_ps_.count();
  if (spinning + idle == 0 && spinners_.raise_first_and_search()) {
    os::race_window(Window::spinning_start_with_local_work);
    return start_m(pp, true);
  }
  os::race_window(Window::handoffp_unlocked_checks);
  const Held held = lock_.lock();
  const std::int32_t now_queued = global_queue_size_.load(relaxed);  // ordered by the scheduler lock
  const Instant last_poll = last_poll_.load(seq_cst);                // pairs with poll_until_work()
  const bool nobody_would_poll = idle_ps_.count() == options_.procs - 1 && last_poll != 0;
  if (now_queued != 0 || nobody_would_poll) {
    lock_.unlock(held);
    os::race_window(Window::handoffp_last_p_no_poller);
    return start_m(pp, false);
  }
  // Somebody saw work and found no P, this one being on its way here; and the
  // spinners seen above may be gone. As wherever a P would go idle, its M searches.
  if (spinners_.requested(held)) {
    spinners_.answer(held);
    lock_.unlock(held);
    return start_m(pp, true);
  }
  // Read before the P is idle, acted upon when the lock is free: waking the
  // poller may start an M.
  const Instant timer = timers_.next();
  idle_ps_.put(held, pp);
  lock_.unlock(held);
  os::race_window(Window::handoffp_timer_wake);
  if (timer != 0) wake_poller(timer);
}

void Sched::acquire_p(M* mp, P* pp) {
  check(pp != nullptr, "acquire_p: an M that is woken to run has a P on its way");
  check(mp->p.get() == nullptr, "acquire_p: an M has one P at a time");
  M* owner = pp->m.load(relaxed);               // ordered by whoever gave us the P
  const PStatus was = pp->status.load(relaxed);  // ordered by whoever gave us the P
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
