// Looking at the poller, blocking in it, and ending that.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Ready I/O is an optimisation here: the poller is looked at for certain before
// the last M parks.
Sched::Found Sched::poll_without_waiting() {
  if (netpoll_.waiters() == 0) return {};
  if (poll_slot_.taken()) return {};  // whoever blocks in the poller sees the event
  GQueue list = netpoll_.poll(0);
  G* gp = list.pop_front();
  if (gp == nullptr) return {};
  release_poller();
  inject_g_list(std::move(list));
  change_status(gp, GStatus::waiting, GStatus::runnable);
  return {gp, false};
}

// The last event went to a passer-by: an M that blocks in the poller waits for
// nothing now, and as long as it counts as running no deadlock is seen.
void Sched::release_poller() {
  if (netpoll_.waiters() != 0) return;
  if (poll_slot_.taken()) netpoll_.wake();
}

// Without a P: waits in the poller if there is something to wait for and nobody
// else does. True: mp has a P again, and perhaps a G. Otherwise it shall park.
bool Sched::poll_until_work(M* mp, bool was_spinning, G*& found) {
  const Instant timer = timers_.next();
  if (netpoll_.waiters() == 0 && timer == 0) return false;
  if (!poll_slot_.take()) {
    // Somebody polls already. If it would sleep past our timer, it must look again.
    if (timer != 0 && poll_slot_.outlasts(timer)) netpoll_.wake();
    return false;
  }
  os::race_window(Window::single_poller);
  os::race_window(Window::polluntil_publish);
  poll_slot_.publish(timer);
  os::race_window(Window::timer_add_vs_poller_sleep);
  // The deadline kept is the one published, though there may be a better one by
  // now: who adds a timer relies on it.
  Duration delay = forever;
  if (timer != 0) {
    const Instant start = os::now();
    delay = timer > start ? timer - start : 0;
  }
  // The last event may have gone to somebody else since the first look.
  if (delay == forever && netpoll_.waiters() == 0) delay = 0;
  if (stopping()) delay = 0;
  GQueue list = netpoll_.poll(delay);
  poll_slot_.withdraw();
  const Instant now = os::now();
  os::race_window(Window::poller_return_order);
  // The slot is free before the search for a P: whoever idles one from here on
  // becomes the poller, whoever idled one before leaves it for us.
  poll_slot_.release(now);
  bool has_p = false;
  found = take_polled(mp, std::move(list), was_spinning, has_p);
  return has_p;
}

// Back from the poller: a P for mp if there is one, and the ready Gs where they
// will be run.
G* Sched::take_polled(M* mp, GQueue list, bool was_spinning, bool& has_p) {
  P* pp = nullptr;
  {
    SchedGuard held(lock_);
    pp = idle_ps_.get(held);
    if (pp != nullptr) wake_sysmon_locked(held);
  }
  has_p = pp != nullptr;
  if (!has_p) {
    inject_g_list(std::move(list));
    return nullptr;
  }
  acquire_p(mp, pp);
  if (G* gp = list.pop_front()) {
    inject_g_list(std::move(list));
    change_status(gp, GStatus::waiting, GStatus::runnable);
    return gp;
  }
  os::race_window(Window::netpoll_return_spinning_restore);
  if (was_spinning) spinners_.become(mp);
  return nullptr;
}

// A timer was armed for `when`: whoever sleeps until the earliest one must know.
void Sched::wake_poller(Instant when) {
  if (!poll_slot_.taken()) return wake_p();        // (D2)
  if (poll_slot_.outlasts(when)) netpoll_.wake();  // (D3)
}

}  // namespace rt
