// External threads that run Gs: they borrow an extra M for the time of a call.
//
//   need_m      take an M, become it; its G is in a system call then
//   exit_syscall on the G's stack: get a P, or wait for one
//   the body
//   enter_syscall_block: hand the P off; back on the thread's own stack
//   drop_m      forget the M, then give it back

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

struct CallbackActions {
  static G* over(Sched&, M* mp, G*, void*) {
    mp->callback_over = true;
    return nullptr;
  }
};

bool Sched::callback(std::function<void()> body) {
  check(current_m() == nullptr, "callback: the calling thread belongs to no runtime");
  callers_.fetch_add(1, seq_cst);  // pairs with join_threads()
  bool done = false;
  os::race_window(Window::callback_before_init_done);
  if (M* mp = need_m()) {
    G* gp = mp->callback_g;
    gp->body = std::move(body);
    gp->fiber.prepare(gp->stack, &Sched::callback_main, gp);
    G* next = resume(mp, gp);
    // The G may have parked in the middle of its body: until it is over, this thread runs Gs
    // like any M.
    if (!mp->callback_over) run_loop(mp, next);
    done = std::exchange(mp->callback_over, false);
    if (done) drop_m(mp);
    else abandon_m(mp);
  }
  callers_.fetch_sub(1, seq_cst);  // pairs with join_threads()
  return done;
}

// On the extra M's G. It is tied to its M for good, so the frames of the external
// thread below it and the G stay on one thread.
void Sched::callback_main(void* argument) {
  G* gp = static_cast<G*>(argument);
  M* mp = current_m();
  Sched& sched = mp->sched;
  os::race_window(Window::callback_pins_thread);
  sched.exit_syscall();
  // Only now there is a P, and with it the right to make things.
  os::race_window(Window::refill_needs_p);
  const bool others_wait = sched.extra_ms_.waiters() > 0;
  if (std::exchange(mp->needs_extra, false) || others_wait) sched.new_extra_ms();
  gp->body();
  gp->body = nullptr;
  os::race_window(Window::callback_return_incgo);
  // The M will not come back for its P: left in a system call, the P would belong
  // to a spare M, which nobody counts, and its queue would look abandoned.
  sched.enter_syscall_block();
  sched.leave(&CallbackActions::over, nullptr, true);
}

// Null: the scheduler stops.
M* Sched::need_m() {
  if (stopping()) return nullptr;
  bool last = false;
  M* mp = extra_ms_.get(last, stopping_);
  if (mp == nullptr) return nullptr;
  // abandon_m() puts Ms on the list when the scheduler stops already.
  if (stopping()) {
    extra_ms_.put(mp);
    return nullptr;
  }
  os::set_slot(mp);
  mp->needs_extra = last;
  os::race_window(Window::needm_status_and_ngsys);
  mp->callback_g->m.store(mp, release);  // publishes m to observers of the status
  change_status(mp->callback_g, GStatus::dead, GStatus::syscall);
  return mp;
}

// The thread forgets the M before the list is even locked: from the moment the M
// is on it another thread may be that M.
void Sched::drop_m(M* mp) {
  change_status(mp->callback_g, GStatus::syscall, GStatus::dead);
  mp->curg.store(nullptr, release);  // publishes to preempt_one()
  os::set_slot(nullptr);
  os::race_window(Window::dropm_clear_before_publish);
  extra_ms_.put(mp);
  // The M counted as running until now.
  SchedGuard held(lock_);
  check_dead(held);
}

// The scheduler stops in the middle of the callback. Its G is left where it stands:
// somebody may still hold it, to ready it.
void Sched::abandon_m(M* mp) {
  mp->curg.store(nullptr, release);  // publishes to preempt_one()
  os::set_slot(nullptr);
  extra_ms_.put(mp);
}

// Makes a spare M for each thread that waits for one. If none waits, makes one unless there
// are some.
void Sched::new_extra_ms() {
  const std::uint32_t waiting = extra_ms_.take_waiters();
  os::race_window(Window::extram_waiters_count);
  if (waiting > 0) {
    for (std::uint32_t i = 0; i < waiting; ++i) one_new_extra_m();
    return;
  }
  const std::int32_t length = extra_ms_.length();  // stale is fine: a surplus M is harmless, and zero is never missed
  os::race_window(Window::newextram_length_check);
  if (length == 0) one_new_extra_m();
}

void Sched::one_new_extra_m() {
  std::int64_t id = Ms::unreserved;
  M* mp = alloc_m(MKind::extra, id);
  G* gp = gs_.get_new();
  gp->lock_count = 1;
  gp->locked_m.store(mp, relaxed);  // ordered by the list of extra Ms
  mp->callback_g = gp;
  mp->locked_g.set(gp);
  // The M goes from the one count into the other in one section of the lock: an M that is
  // in both hides a thread from Ms::over_limit().
  SchedGuard held(lock_);
  extra_ms_.add(mp);
  ms_.add_extra_in_making(held, -1);
}

}  // namespace rt
