// Birth and death of Gs, and the scavenger that gives idle stacks back.

#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/sched.h"

namespace rt {


struct SpawnActions {
  static G* end(Sched& sched, M* mp, G* gp, void*) { return sched.end_g(mp, gp); }

  static bool commit_scavenger(G*, void* argument) {
    auto* sched = static_cast<Sched*>(argument);
    sched->scavenger_parked_.store(true, seq_cst);  // pairs with wake_scavenger()
    return true;
  }
};

void Sched::spawn(std::function<void()> body) {
  PinnedM mp;
  G* gp = new_g(std::move(body), false);
  put_local(mp->p.get(), gp, true);  // (A1)
  wake_p();
}

// A runnable G on no queue yet.
G* Sched::new_g(std::function<void()> body, bool system) {
  G* gp = nullptr;
  {
    LockGuard guard(gs_lock_);
    gp = free_gs_.pop_front();
    if (gp == nullptr) {
      all_gs_.push_back(std::make_unique<G>(static_cast<std::int64_t>(all_gs_.size())));
      gp = all_gs_.back().get();
      gp->status.store(GStatus::dead, relaxed);  // owner-only word: nobody knows the G yet
    } else if (gp->stack.low != nullptr) {
      --free_stacks_;
    }
  }
  os::race_window(Window::g_recycle);
  if (gp->stack.low == nullptr) gp->stack = os::stack_allocate(options_.stack_size);
  check(gp->stack.low != nullptr, "go: the system has memory for a stack");
  gp->body = std::move(body);
  gp->system.set(system);
  gp->fiber.prepare(gp->stack, &Sched::g_main, gp);
  change_status(gp, GStatus::dead, GStatus::runnable);
  return gp;
}

void Sched::g_main(void* argument) {
  G* gp = static_cast<G*>(argument);
  gp->body();
  gp->body = nullptr;
  current_m()->sched.leave(&SpawnActions::end, nullptr, true);
}

// On g0, when the G's body has returned.
G* Sched::end_g(M* mp, G* gp) {
  change_status(gp, GStatus::running, GStatus::dead);
  drop_g(mp);
  mp->ends = mp->locked_g.get() == gp;
  gp->locked_m.store(nullptr, release);  // publishes to the G's next life
  gp->lock_count = 0;
  const bool was_main = std::exchange(gp->is_main, false);  // the next G in this shape is another one
  free_g(gp);
  if (was_main) stop();
  return nullptr;
}

// Dead Gs with a stack go in front, so that they are used first.
void Sched::free_g(G* gp) {
  bool too_many = false;
  {
    LockGuard guard(gs_lock_);
    free_gs_.push_front(gp);
    ++free_stacks_;
    too_many = free_stacks_ > limits::stacks_kept;
  }
  if (too_many) scavenger_wanted_.store(true, release);  // pairs with wake_scavenger()
}

void Sched::free_stacks_above(int kept) {
  GQueue spare;
  {
    LockGuard guard(gs_lock_);
    GQueue keep;
    while (keep.size() < kept && free_stacks_ > 0) {
      keep.push_back(free_gs_.pop_front());
      --free_stacks_;
    }
    for (; free_stacks_ > 0; --free_stacks_) spare.push_back(free_gs_.pop_front());
    free_stacks_ = keep.size();
    keep.append(std::move(free_gs_));
    free_gs_ = std::move(keep);
  }
  // Giving memory back is slow: nobody waits for it.
  GQueue bare;
  while (G* gp = spare.pop_front()) {
    os::stack_release(std::exchange(gp->stack, Stack{}));
    bare.push_back(gp);
  }
  LockGuard guard(gs_lock_);
  free_gs_.append(std::move(bare));
}

// A system G: it waits most of the time, and its waiting keeps no program alive.
void Sched::scavenger_main() {
  for (;;) {
    park(&SpawnActions::commit_scavenger, this);
    free_stacks_above(limits::stacks_kept);
  }
}

// sysmon's part. It is not counted as running and does not count itself here: the
// scavenger is a system G, which check_dead() does not look at, and from the
// moment a P is taken for it start_m() accounts for the M.
void Sched::wake_scavenger() {
  const bool wanted = scavenger_wanted_.load(acquire);  // pairs with free_g()
  if (!wanted) return;
  // While it runs the request stands, and the next round finds it parked.
  const bool parked = scavenger_parked_.load(seq_cst);  // pairs with commit_scavenger()
  if (!parked) return;
  scavenger_wanted_.store(false, relaxed);  // stale is fine: the next dead G asks again
  scavenger_parked_.store(false, relaxed);  // owner-only word while the scavenger waits
  GQueue list;
  list.push_back(scavenger_);
  inject_g_list(std::move(list));
}

}  // namespace rt
