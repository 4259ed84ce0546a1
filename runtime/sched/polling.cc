// Looking at the poller, blocking in it, and ending that.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// This look saves time and no more: some M is sure to look at the poller before the last M
// parks.
Sched::Found Sched::poll_without_waiting() {
  if (netpoll_.waiters() == 0) return {};
  if (poll_slot_.taken()) return {};  // the M that blocks in the poller sees the event
  GQueue list = netpoll_.poll(0);
  G* gp = list.pop_front();
  if (gp == nullptr) return {};
  release_poller();
  inject_g_list(std::move(list));
  change_status(gp, GStatus::waiting, GStatus::runnable);
  return {gp, false};
}

// An M that did not block has taken the last event. An M that blocks in the poller waits for
// nothing now; as long as it does, it counts as running, and no deadlock is seen.
void Sched::release_poller() {
  if (netpoll_.waiters() != 0) return;
  if (poll_slot_.taken()) netpoll_.wake();
}

// mp has no P: it waits in the poller if there is something to wait for and no other M does.
// True: it has a P again, and perhaps a G. False: it is to park.
bool Sched::poll_until_work(M* mp, bool was_spinning, G*& found) {
  const Instant timer = timers_.next();
  if (netpoll_.waiters() == 0 && timer == 0) return false;
  if (!poll_slot_.take()) {
    // Another M polls. If it would sleep past the timer, it must look again.
    if (timer != 0 && poll_slot_.outlasts(timer)) netpoll_.wake();
    return false;
  }
  os::race_window(Window::single_poller);
  os::race_window(Window::polluntil_publish);
  poll_slot_.publish(timer);
  os::race_window(Window::timer_add_vs_poller_sleep);
  // (E4) The deadline is the one that is published, though there may be an earlier timer by
  // now.
  Duration delay = forever;
  if (timer != 0) {
    const Instant start = os::now();
    delay = timer > start ? timer - start : 0;
  }
  // Another M may have taken the last event since the first look.
  if (delay == forever && netpoll_.waiters() == 0) delay = 0;
  if (stopping()) delay = 0;
  GQueue list = netpoll_.poll(delay);
  poll_slot_.withdraw();
  const Instant now = os::now();
  os::race_window(Window::poller_return_order);
  // The slot is free before the search for a P. An M that idles its P after this becomes the
  // poller; a P that went idle before it is found here.
  poll_slot_.release(now);
  bool has_p = false;
  found = take_polled(mp, std::move(list), was_spinning, has_p);
  return has_p;
}

// mp is back from the poller: takes an idle P if there is one, and puts the ready Gs where
// they will be run.
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

// A timer was armed for `when`: an M that sleeps until the earliest one must know.
void Sched::wake_poller(Instant when) {
  if (!poll_slot_.taken()) return wake_p();        // (D2)
  if (poll_slot_.outlasts(when)) netpoll_.wake();  // (D3)
}

}  // namespace rt
