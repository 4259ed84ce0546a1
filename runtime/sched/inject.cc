// Making many suspended Gs runnable at once: those that a poll has found, or sysmon readies.

#include <algorithm>

#include "runtime/sched/sched.h"

namespace rt {

// Without a P: the Gs go to the global queue, and Ms are started on idle Ps. With a P: as many
// Gs as there are idle Ps go to the global queue, and the rest to the queue of that P.
void Sched::inject_g_list(GQueue list) {
  if (list.empty()) return;
  // Before any lock is taken: the owner of a status may need that lock.
  for (G* gp = list.front(); gp != nullptr; gp = gp->link) change_status(gp, GStatus::waiting, GStatus::runnable);

  M* mp = current_m();
  P* pp = mp->p.get();
  std::int32_t n = list.size();
  if (pp != nullptr) n = std::min(n, idle_ps_.count());
  GQueue for_others;
  for (std::int32_t i = 0; i < n; ++i) for_others.push_back(list.pop_front());
  if (n > 0) {
    put_all_global(std::move(for_others));
    os::race_window(Window::nonspinning_drop_vs_injectglist);
    start_idle(n);
  }
  if (pp == nullptr) return;
  while (G* gp = list.pop_front()) put_local(pp, gp, false);
  // A P may have gone idle since the count, and its M has not looked at this queue.
  os::race_window(Window::injectglist_npidle_snapshot);
  wake_p();
}

// Starts up to n Ms. The caller may not count as running: from the moment a P is off the
// idle list until an M is responsible for it the lock is held, or the M's id is reserved.
// start_m_locked() may free the lock for a while, so each turn looks anew.
void Sched::start_idle(std::int32_t n) {
  for (; n > 0; --n) {
    PinnedM pinned;
    SchedGuard held(lock_);
    P* pp = idle_p_or_request(held);
    if (pp == nullptr) break;
    os::race_window(Window::injectglist_unlock_gap);
    start_m_locked(held, pp, false);
  }
}

}  // namespace rt
