// Is everybody waiting for somebody else?
//
// run = mcount - nmidle - nmidlelocked - nmsys is the number of Ms that may still
// do something. Whoever lowers it calls check_dead() before it unlocks. For this
// to be right every M in the making, and every thread that holds a P in a local
// variable, must be counted while the scheduler lock is free: ids are reserved
// under the lock, and a thread that is not counted (sysmon) either holds the lock
// throughout or lowers nmidlelocked around its work.

#include <cstdio>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Whoever lowers the number of running Ms calls this in the same section of the lock.
void Sched::check_dead(Held held) {
  if (!started_.get() || stopping()) return;
  os::race_window(Window::checkdead_vs_extram);
  // A spare M has no thread: it counts in mcount, and does not run. One that an
  // external thread has taken does.
  std::int32_t spare = 0;
  if (os::upheld(Safeguard::idle_extra_ms_do_not_run)) spare = extra_ms_.length();
  if (!os::upheld(Safeguard::callbacks_count_as_running)) spare += extra_ms_.in_use();
  const std::int32_t run = ms_.running(held);
  if (run > spare) return;
  if (run < 0) fatal_unlocked(held, Fatal::miscounted, "check_dead: the number of running Ms is not negative");

  os::race_window(Window::checkdead_g_scan);
  const std::int32_t waiting = examine_gs(held);
  os::race_window(Window::checkdead_timers_unlocked);
  if (!timers_.empty()) return;
  if (waiting == 0) fatal_unlocked(held, Fatal::deadlock, "no Gs are left: deadlock");
  fatal_unlocked(held, Fatal::deadlock, "all Gs are asleep: deadlock");
}

// How many user Gs wait. If one could run, the count of running Ms was wrong.
std::int32_t Sched::examine_gs(Held held) {
  std::int32_t waiting = 0;
  const char* wrong = nullptr;
  gs_.for_each([&](const G& g) {
    if (g.system.get()) return;
    switch (g.status.load(acquire)) {  // pairs with change_status(): nobody runs who could change it
      case GStatus::waiting: ++waiting; break;
      case GStatus::runnable: wrong = "check_dead: a G is runnable and no M runs"; break;
      case GStatus::running: wrong = "check_dead: a G is running and no M runs"; break;
      case GStatus::syscall: wrong = "check_dead: a G is in a system call and no M runs"; break;
      case GStatus::idle:
      case GStatus::dead: break;
    }
  });
  if (wrong != nullptr) fatal_unlocked(held, Fatal::miscounted, wrong);
  return waiting;
}

// Gives up, from under the scheduler lock. The lock is freed first: whoever prints
// the state, here or in a handler, may want it.
void Sched::fatal_unlocked(Held held, Fatal kind, const char* message) {
  lock_.unlock(held);
  os::race_window(Window::checkdead_throw_under_lock);
  char line[1024];
  const std::size_t n = static_cast<std::size_t>(std::snprintf(line, sizeof line, "%s; ", message));
  trace_line(line + n, sizeof line - n);
  os::fatal(kind, line);
}

}  // namespace rt
