// sysmon: the thread that watches. It has no P and runs no Gs. It takes Ps back
// from long system calls, asks Gs that run long to make room, looks at the poller
// when nobody else does, and wakes the scavenger.

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"

namespace rt {
namespace {

// Has one G held the P for a whole slice?
bool sample_slice(P* pp, Instant now) {
  const std::uint32_t tick = pp->sched_tick.load(relaxed);  // stale is fine: seen in the next round
  if (pp->sample.sched_tick != tick) {
    pp->sample.sched_tick = tick;
    pp->sample.sched_when = now;
    return false;
  }
  return pp->sample.sched_when + limits::slice <= now;
}

// Asks the G that runs on pp to make room, and pp to let others go first: Gs that
// ready each other share a slice. It may be another G by the time it looks; sysmon
// asks again in its next round.
void preempt_one(P* pp) {
  pp->slice_over.store(true, relaxed);  // stale is fine: seen in a later scheduling round
  M* mp = pp->m.load(acquire);  // pairs with acquire_p()
  if (mp == nullptr) return;
  G* gp = mp->curg.load(acquire);  // pairs with resume()
  if (gp != nullptr) gp->preempt.store(true, relaxed);  // stale is fine: seen at a later checkpoint
}

}  // namespace

void Sched::sysmon_main(M* mp) {
  {
    SchedGuard held(lock_);
    os::race_window(Window::system_m_registration);
    ms_.add_system(held);
    // It counted as running until now; if everybody else has parked meanwhile,
    // nobody but this thread is left to notice.
    check_dead(held);
  }
  mp->on_g0.set(true);
  Duration delay = limits::sysmon_delay_min;
  int idle_rounds = 0;
  while (sysmon_sleep(delay, idle_rounds)) {
    const Instant now = os::now();
    sysmon_poll(now);
    wake_scavenger();
    retry_refused_thread();
    if (retake(now)) idle_rounds = 0;
    else ++idle_rounds;
  }
}

// Waits for the next round; the longer nothing happens, the longer. While every P is idle,
// sysmon sleeps until an M that gets a P wakes it. False: the scheduler stops.
bool Sched::sysmon_sleep(Duration& delay, int& idle_rounds) {
  if (idle_rounds == 0) delay = limits::sysmon_delay_min;
  else if (idle_rounds > limits::sysmon_idle_rounds) delay = std::min(2 * delay, limits::sysmon_delay_max);
  if (stop_note_.sleep_for(delay)) return false;
  if (idle_ps_.count() != options_.procs) return !stopping();

  Held held = lock_.lock();
  if (idle_ps_.count() == options_.procs && !stopping()) {
    sysmon_waits_.store(true, seq_cst);  // pairs with (C2)
    lock_.unlock(held);
    os::race_window(Window::sysmon_deep_sleep);
    sysmon_note_.sleep_for(limits::sysmon_deep_sleep_max);
    held = lock_.lock();
    sysmon_waits_.store(false, relaxed);  // ordered by the scheduler lock
    // A wake cannot fall in between: every waker holds the lock.
    sysmon_note_.clear();
    idle_rounds = 0;
    delay = limits::sysmon_delay_min;
  }
  lock_.unlock(held);
  return !stopping();
}

// An M has got a P, or is about to leave one in a system call.
void Sched::wake_sysmon_locked(Held) {
  const bool waits = sysmon_waits_.load(relaxed);  // ordered by the scheduler lock
  if (!waits || !os::upheld(Safeguard::taken_p_wakes_sysmon)) return;
  sysmon_waits_.store(false, relaxed);  // ordered by the scheduler lock
  const bool first = sysmon_note_.wake();
  check(first || stopping(), "sysmon: it is woken once per sleep");
}

void Sched::wake_sysmon() {
  SchedGuard held(lock_);
  wake_sysmon_locked(held);
}

// Polls on behalf of Ps that are all too busy to.
void Sched::sysmon_poll(Instant now) {
  const Instant last = poll_slot_.last();
  if (last == 0 || last + limits::slice >= now) return;
  poll_slot_.looked(last, now);
  // From the moment an event is taken off the poller, its G has nobody but this
  // thread, which counts as running for as long: an M that parks meanwhile would
  // see Gs that wait for nothing, or run nowhere.
  add_idle_locked(-1);
  GQueue list = netpoll_.poll(0);
  os::race_window(Window::sysmon_netpoll_inject_counted);
  if (!list.empty()) {
    release_poller();
    inject_g_list(std::move(list));
  }
  add_idle_locked(1);
}

// The system has refused a thread for a spinner. The M that wanted it has gone on, and if no
// M ever idles its P, nothing else makes up for it.
void Sched::retry_refused_thread() {
  const bool refused = thread_refused_.load(acquire);  // pairs with do_without_new_m()
  if (!refused) return;
  thread_refused_.store(false, relaxed);  // stale is fine: the next refusal sets it again
  add_idle_locked(-1);
  wake_p();
  add_idle_locked(1);
}

bool Sched::retake(Instant now) {
  bool any = false;
  for (const auto& pp : ps_) {
    const PStatus status = pp->status.load(acquire);  // (T1) pairs with (C3)
    if (status == PStatus::idle) continue;
    const bool overdue = sample_slice(pp.get(), now);
    if (overdue) preempt_one(pp.get());
    if (status == PStatus::syscall && retake_syscall(pp.get(), now, overdue)) any = true;
  }
  return any;
}

// Takes pp from a system call that lasts for more than one round. A G that does
// nothing but short calls never shows the same call twice; if it has had the P
// for a whole slice (`forced`) that is enough.
bool Sched::retake_syscall(P* pp, Instant now, bool forced) {
  const std::uint32_t tick = pp->syscall_tick.load(relaxed);  // stale is fine: seen in the next round
  if (forced) os::race_window(Window::sysretake_short_syscalls);
  if (!forced && pp->sample.syscall_tick != tick) {
    pp->sample.syscall_tick = tick;
    pp->sample.syscall_when = now;
    return false;
  }
  // Nobody waits for a P, and there are others: no hurry, but not for ever, or
  // sysmon could not sleep deeply.
  const std::int32_t spinning = spinners_.count();
  const std::int32_t idle = idle_ps_.count();
  if (pp->queue.empty() && spinning + idle > 0 && pp->sample.syscall_when + limits::slice > now) return false;

  // This thread is about to hold a P. It counts as running until an M does.
  add_idle_locked(-1);  // (T2)
  os::race_window(Window::retake_status_sample);
  PStatus expected = PStatus::syscall;
  const bool taken = pp->status.cas_strong(expected, PStatus::idle, acq_rel, relaxed);  // (T3) pairs with (C4)
  if (taken) {
    os::race_window(Window::syscalltick_wait);
    pp->syscall_tick.fetch_add(1, relaxed);  // publishes to exit_syscall_fast(): that call has lost its P
    os::race_window(Window::retake_before_handoff_counted);
    handoff_p(pp);  // (T4)
  }
  add_idle_locked(1);  // (T5)
  return taken;
}

}  // namespace rt
