// Does every G wait for another one?
//
// Ms::running() is the number of Ms that may still do something; if it is 0, nobody will
// ready a G. It must not be 0 while the lock is free and an M is in the making, or a thread
// has a P in a local variable. So ids of Ms are reserved under the lock; and sysmon, which is
// not counted, holds the lock while it has a P, or lowers nmidlelocked for that long.

#include <cstdio>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

// Called where Ms::running() has been lowered, in the same section of the lock.
void Sched::check_dead(Held held) {
  if (!started_.get() || stopping()) return;
  os::race_window(Window::checkdead_vs_extram);
  // A spare extra M has no thread, so it does not run, but Ms counts it. An extra M that an
  // external thread has taken runs.
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

// Ends the program. The lock is freed first: what prints the state, here or in a handler,
// may take it.
void Sched::fatal_unlocked(Held held, Fatal kind, const char* message) {
  lock_.unlock(held);
  os::race_window(Window::checkdead_throw_under_lock);
  char line[1024];
  const std::size_t n = static_cast<std::size_t>(std::snprintf(line, sizeof line, "%s; ", message));
  trace_line(line + n, sizeof line - n);
  os::fatal(kind, line);
}

}  // namespace rt
