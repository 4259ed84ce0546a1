// Making Ms that have threads, and the end of those whose locked G has ended.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"

namespace rt {

// Makes a new M for pp. The system may refuse threads for a while. The id stays reserved as
// long as this thread has pp: it may not count as running itself.
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
  mp->id.set(Ms::unreserved);  // the next attempt keeps the id, perhaps with another M
  ms_.put_spent(held, mp);
  return false;
}

// There is no thread to be had now. An M that went idle meanwhile does as well. A P without
// work, whose M was only to search, goes back to the idle list: the next M that would idle
// searches instead, and sysmon tries again. False: the P has work, and must get a thread.
bool Sched::do_without_new_m(P* pp, bool spinning) {
  const Held held = lock_.lock();
  if (M* idle = ms_.get_idle(held)) {
    give_back_m_id(held);
    lock_.unlock(held);
    start_idle_m(idle, pp, spinning);
    return true;
  }
  const bool has_work = !pp->queue.empty() || !global_queue_.empty(held);
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

// An M that is on no list but that of all Ms. `id` is reserved, or this reserves it.
M* Sched::alloc_m(MKind kind, std::int64_t& id) {
  M* mp = nullptr;
  {
    SchedGuard held(lock_);
    if (kind == MKind::extra) ms_.add_extra_in_making(held, 1);
    const bool counted = id != Ms::unreserved && os::upheld(Safeguard::reserved_id_counts_once);
    if (!counted) id = reserve_m_id(held);
    mp = ms_.take(held, *this, kind);
    if (mp == nullptr) fatal_unlocked(held, Fatal::out_of_memory, "no memory for an M");
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
  const std::int64_t id = ms_.reserve(held);
  if (ms_.over_limit(held, extra_ms_)) {
    fatal_unlocked(held, Fatal::thread_exhaustion, "the program exceeds its thread limit");
  }
  return id;
}

// The M was never born.
void Sched::give_back_m_id(Held held) {
  if (os::upheld(Safeguard::failed_thread_gives_id_back)) ms_.uncount(held);
  check_dead(held);
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
  // Before the M has its P: nmspinning counts it already.
  mp->spinning.set(mp->starts_spinning);
  os::race_window(Window::newm_p_in_flight);
  acquire_p(mp, std::exchange(mp->next_p, nullptr));
  run_loop(mp, nullptr);
  if (mp->ends) m_exit(mp);
}

// The M's locked G has ended, and its thread ends with it. The P has a taker before the M
// ceases to count.
void Sched::m_exit(M* mp) {
  mp->ends = false;
  mp->locked_g.set(nullptr);
  handoff_p(release_p(mp));
  os::race_window(Window::mexit_handoff_before_count);
  {
    SchedGuard held(lock_);
    ms_.uncount(held);
    if (mp->kind == MKind::worker) ms_.put_spent(held, mp);
    check_dead(held);
  }
  // The first thread belongs to the caller of run(): it waits for the end.
  if (mp->kind == MKind::first) wait_for_stop(mp);
}

}  // namespace rt
