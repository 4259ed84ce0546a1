// Making sure that somebody looks for work, or wakes for a timer.

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Work was submitted: makes sure that an M looks for it. Callers count as running whenever
// the scheduler lock is free in here: they hold a P, have just given one up, or have lowered
// nmidlelocked.
void Sched::wake_p() {
  // One spinner at a time is started: it starts the next when it finds something.
  if (spinners_.count() != 0) return;
  if (!spinners_.raise_first()) return;
  os::race_window(Window::transient_nmspinning);
  os::race_window(Window::wakep_npidle_precheck);
  PinnedM pinned;
  P* pp = nullptr;
  {
    SchedGuard held(lock_);
    pp = idle_ps_.get(held);
    if (pp == nullptr) {
      if (os::upheld(Safeguard::failed_wake_takes_spinner_back)) spinners_.lower();  // (W1)
      os::race_window(Window::transient_nmspinning);
      spinners_.request(held);  // (W2)
      return;
    }
  }
  os::race_window(Window::wakep_transient_owner_preempt);
  os::race_window(Window::wakep_unlock_gap);
  start_m(pp, true);
}

// The spinner mp has found work. Submitters may have relied on it, so it starts a successor.
void Sched::reset_spinning(M* mp) {
  spinners_.stop(mp);
  os::race_window(Window::resetspinning_last_finder);
  wake_p();
}

// An idle P for an M that is to be started. Null: there is none, and a spinner is requested.
P* Sched::idle_p_or_request(Held held) {
  P* pp = idle_ps_.get(held);                  // (R1)
  if (pp == nullptr) spinners_.request(held);  // (R2)
  return pp;
}

}  // namespace rt
