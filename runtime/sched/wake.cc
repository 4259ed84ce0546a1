// Spinners: making one, becoming one, ceasing to be one.

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Somebody submitted work: makes sure that an M looks for it. Callers are counted as
// running whenever the scheduler lock is free in here: they hold a P, have just given
// one up, or have lowered nmidlelocked.
void Sched::wake_p() {
  // One spinner at a time is started: it starts the next when it finds something.
  const std::int32_t spinning = nmspinning_.load(seq_cst);  // (A3) pairs with (B2)
  if (spinning != 0) return;
  std::int32_t expected = 0;
  if (!nmspinning_.cas_strong(expected, 1, seq_cst, relaxed)) return;  // (A3) pairs with (B2)
  os::race_window(Window::transient_nmspinning);
  os::race_window(Window::wakep_npidle_precheck);
  PinnedM pinned;
  P* pp = nullptr;
  {
    SchedGuard held(lock_);
    pp = idle_ps_.get(held);
    if (pp == nullptr) {
      // Who relied on this spinner is answered by the next M that would idle: the
      // request is there before the lock is free. And it comes after the count has
      // fallen. A spinner clears the request without the lock: it could clear one
      // made before, find work, see the count still up, start nobody for the rest,
      // and both requests would be gone.
      if (os::upheld(Safeguard::failed_wake_takes_spinner_back)) lower_spinning();
      os::race_window(Window::transient_nmspinning);
      idle_ps_.request_spinner(held);
      return;
    }
  }
  os::race_window(Window::wakep_transient_owner_preempt);
  os::race_window(Window::wakep_unlock_gap);
  start_m(pp, true);
}

// Counted first, then the request is cleared: from here on this M searches.
void Sched::become_spinning(M* mp) {
  mp->spinning.set(true);
  nmspinning_.fetch_add(1, seq_cst);  // publishes the spinner to (A3)
  os::race_window(Window::needspinning_clear);
  if (os::upheld(Safeguard::become_spinning_clears_request)) idle_ps_.clear_request();
}

void Sched::lower_spinning() {
  const std::int32_t was = nmspinning_.fetch_sub(1, seq_cst);  // pairs with (A3)
  check(was > 0, "wake: nmspinning is not negative");
}

void Sched::stop_spinning(M* mp) {
  mp->spinning.set(false);
  lower_spinning();
}

// A spinner found work. Others may have relied on it, so it makes a successor.
void Sched::reset_spinning(M* mp) {
  check(mp->spinning.get(), "reset_spinning: only a spinner stops being one");
  stop_spinning(mp);
  os::race_window(Window::resetspinning_last_finder);
  wake_p();
}

// A timer was armed for `when`: whoever sleeps until the earliest one must know.
void Sched::wake_poller(Instant when) {
  const Instant last = last_poll_.load(seq_cst);  // pairs with poll_until_work()
  if (last != 0) {
    // Nobody polls. An M that is about to will see the timer, if there is one.
    wake_p();
    return;
  }
  const Instant until = poll_until_.load(seq_cst);  // stale is fine: a needless break
  if (until == 0 || until > when) netpoll_.wake();
}

}  // namespace rt
