// The life of a scheduler from its first M to its last.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"

namespace rt {

Sched::Sched(const Options& options)
    : options_(options), global_queue_(options.procs), gs_(options.stack_size), ms_(options.thread_limit) {
  check(options.procs >= 1 && options.procs <= limits::procs_max, "runtime: the number of Ps is within its limits");
  check(options.thread_limit >= 1, "runtime: the thread limit allows the first thread");
  check(options.stack_size >= limits::stack_min, "runtime: a stack is large enough to run on");
  for (int i = 0; i < options.procs; ++i) ps_.push_back(std::make_unique<P>(i));
}

// The first M is the calling thread.
void Sched::run(std::function<void()> main) {
  check(current_m() == nullptr, "run: the calling thread belongs to no runtime");
  check(!started_.get(), "run: a runtime runs once");
  std::int64_t id = Ms::unreserved;
  M* first = alloc_m(MKind::first, id);
  os::set_slot(first);
  {
    SchedGuard held(lock_);
    for (auto pp = ps_.rbegin(); pp != ps_.rend() - 1; ++pp) idle_ps_.put(held, pp->get());
  }
  acquire_p(first, ps_.front().get());
  start_system(first);
  G* main_g = new_g(std::move(main), false);
  main_g->is_main = true;
  put_local(ps_.front().get(), main_g, true);
  one_new_extra_m();  // from here on external threads may run Gs
  started_.set(true);
  wake_p();  // there are two Gs: the scavenger has been waiting too
  run_loop(first, nullptr);
  if (first->ends) m_exit(first);
  os::set_slot(nullptr);
  join_threads();
}

// What the runtime needs for itself: sysmon and the scavenger.
void Sched::start_system(M* first) {
  std::int64_t id = Ms::unreserved;
  M* sysmon = alloc_m(MKind::system, id);
  for (int refusals = 1; !sysmon->thread.start(&Sched::thread_main, sysmon, "sysmon"); ++refusals) {
    wait_for_threads(refusals);
  }
  scavenger_ = new_g([this] { scavenger_main(); }, true);
  put_local(first->p.get(), scavenger_, false);
}

// Main has returned. Every M that is parked is woken, every other one sees the
// flag when it next comes by; nobody is started any more.
void Sched::stop() {
  {
    SchedGuard held(lock_);
    stopping_.store(true, seq_cst);  // pairs with stopping()
    while (M* mp = ms_.get_idle(held)) {
      const bool first = mp->park.wake();
      check(first, "stop: an idle M is woken once");
    }
    wake_sysmon_locked(held);
  }
  const bool first = stop_note_.wake();
  check(first, "stop: a scheduler stops once");
  for (M* mp = ms_.all(); mp != nullptr; mp = mp->all_link) {
    const bool parked = mp->parked_locked.load(seq_cst);  // pairs with stop_locked_m()
    // Its G's wake may have come first; it sees the flag either way.
    if (parked) static_cast<void>(mp->park.wake());
  }
  netpoll_.wake();
}

// The first M, whose G has ended with it: its thread is the caller's of run().
void Sched::wait_for_stop(M* mp) {
  mp->parked_locked.store(true, seq_cst);  // pairs with stop()
  if (!stopping()) mp->park.sleep();
}

// On the first thread, which has no M any more. find_taker() raises births_ under the lock,
// and not after stop(): no birth begins from here on.
//
// This thread polls for the births and callers that are left: once their count has fallen
// they touch nothing of the scheduler, so they cannot wake it. Only an external thread whose
// callback is blocked takes long.
void Sched::join_threads() {
  for (;;) {
    const std::int32_t births = births_.load(seq_cst);   // pairs with start_m()
    const std::int32_t callers = callers_.load(seq_cst);  // pairs with callback()
    if (births == 0 && callers == 0) break;
    os::sleep(limits::join_poll);
  }
  for (M* mp = ms_.all(); mp != nullptr; mp = mp->all_link) {
    if (os::upheld(Safeguard::threads_end_before_the_scheduler) && mp->thread.joinable()) mp->thread.join();
  }
}

}  // namespace rt
