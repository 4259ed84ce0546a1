// Blocking system calls: leaving the scheduler's world with a G and coming back.
//
//   the M, entering                        sysmon, retake()
//   (C1) G's status = syscall              (T1) P's status == syscall for long
//   (C2) sysmon sleeps deeply?  wake it    (T2) count itself as running
//   (C3) P's status = syscall              (T3) CAS the P's status to idle
//   ... the call ...                       (T4) hand the P off
//   (C4) CAS the P's status back to idle,  (T5) count itself out again
//        and own it; or else (C5)
//   (C5) find another P, or queue the G
//
// From (C3) on the P belongs to the thread whose CAS wins; the entering M touches it no more.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

struct SyscallActions {
  // The slow way back, on g0. The G is runnable; either it gets a P here, or it is
  // queued in the same section of the lock that found none.
  static G* exit(Sched& sched, M* mp, G* gp, void*) {
    Sched::change_status(gp, GStatus::syscall, GStatus::runnable);
    Sched::drop_g(mp);
    P* pp = nullptr;
    bool locked = false;
    {
      SchedGuard held(sched.lock_);
      pp = sched.idle_ps_.get(held);
      if (pp == nullptr) {
        os::race_window(Window::exitsyscall0_check_and_queue);
        // Read while the G is still ours: once it is queued another M may run it,
        // and it may tie itself to that one.
        M* owner = gp->locked_m.load(relaxed);  // owner-only word
        locked = owner != nullptr;
        sched.global_queue_.put(held, gp);
      } else {
        sched.wake_sysmon_locked(held);
      }
    }
    os::race_window(Window::exitsyscall0_locked_flag);
    if (pp != nullptr) {
      sched.acquire_p(mp, pp);
      return gp;
    }
    if (locked) {
      sched.stop_locked_m(mp);
      return sched.stopping() ? nullptr : gp;
    }
    sched.stop_m(mp);
    return nullptr;
  }
};

void Sched::enter_syscall() {
  PinnedM mp;
  P* pp = mp->p.get();
  G* gp = mp->curg.load(relaxed);  // owner-only word
  mp->syscall_tick = pp->syscall_tick.load(relaxed);  // owner-only word
  change_status(gp, GStatus::running, GStatus::syscall);  // (C1)
  const bool waits = sysmon_waits_.load(seq_cst);  // (C2) pairs with sysmon_sleep()
  os::race_window(Window::entersyscall_sysmon_wake);
  if (waits) wake_sysmon();
  pp->m.store(nullptr, release);  // publishes to preempt_one()
  mp->old_p = pp;
  mp->p.set(nullptr);
  os::race_window(Window::entersyscall_publish);
  pp->status.store(PStatus::syscall, seq_cst);  // (C3) pairs with (T1)
}

void Sched::enter_syscall_block() {
  PinnedM mp;
  P* pp = mp->p.get();
  G* gp = mp->curg.load(relaxed);  // owner-only word
  mp->syscall_tick = pp->syscall_tick.fetch_add(1, relaxed);  // owner-only word
  change_status(gp, GStatus::running, GStatus::syscall);
  os::race_window(Window::entersyscallblock_handoff);
  handoff_p(release_p(mp.get()));
}

void Sched::exit_syscall() {
  {
    PinnedM mp;
    P* old_p = std::exchange(mp->old_p, nullptr);
    if (exit_syscall_fast(mp.get(), old_p)) {
      P* pp = mp->p.get();
      pp->syscall_tick.fetch_add(1, relaxed);  // publishes to retake(): this call is over
      G* gp = mp->curg.load(relaxed);          // owner-only word
      change_status(gp, GStatus::syscall, GStatus::running);
      return;
    }
  }
  leave(&SyscallActions::exit, nullptr);
  current_m()->p.get()->syscall_tick.fetch_add(1, relaxed);  // publishes to retake(): this call is over
}

// A P for mp: the one it left, if nobody took it, or an idle one.
bool Sched::exit_syscall_fast(M* mp, P* old_p) {
  if (old_p != nullptr) {
    PStatus seen = old_p->status.load(acquire);  // pairs with (T3)
    os::race_window(Window::exitsyscall_vs_retake);
    if (seen == PStatus::syscall &&
        old_p->status.cas_strong(seen, PStatus::idle, acq_rel, relaxed)) {  // (C4) pairs with (T3)
      os::race_window(Window::oldp_aba_other_syscall);
      // The P may have been to somebody else's system call meanwhile: it was
      // retaken, run, and left again. Then its tick is another, and the theft from
      // that call is counted, so that its M and sysmon take it for over.
      const std::uint32_t tick = old_p->syscall_tick.load(relaxed);  // ordered by (C4)
      if (tick != mp->syscall_tick) old_p->syscall_tick.fetch_add(1, relaxed);  // statistic
      acquire_p(mp, old_p);
      return true;
    }
  }
  if (idle_ps_.seems_empty()) return false;
  os::race_window(Window::exitsyscall_pidle_peek);
  P* pp = nullptr;
  {
    SchedGuard held(lock_);
    pp = idle_ps_.get(held);
    if (pp != nullptr) wake_sysmon_locked(held);
  }
  if (pp == nullptr) return false;
  acquire_p(mp, pp);
  return true;
}

}  // namespace rt
