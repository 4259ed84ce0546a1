// Birth and death of Gs, and the scavenger that gives idle stacks back.

#include <utility>

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
  G* gp = gs_.get();
  gp->body = std::move(body);
  gp->system.set(system);
  change_status(gp, GStatus::dead, GStatus::runnable);
  return gp;
}

// A G gets its stack when it is about to run for the first time. Gs that wait for their
// turn need none: if each ends before the next begins, one stack serves them all. The M that
// runs a G waits for the system's memory, and the M that spawns it does not.
void Sched::begin(G* gp) {
  gs_.give_stack(gp);
  gp->fiber.prepare(gp->stack, &Sched::g_main, gp);
  gp->begun = true;
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

void Sched::free_g(G* gp) {
  const bool too_many = gs_.put(gp);
  if (too_many) scavenger_wanted_.store(true, release);  // pairs with wake_scavenger()
}

// A system G: it waits most of the time, and its waiting keeps no program alive.
void Sched::scavenger_main() {
  for (;;) {
    park(&SpawnActions::commit_scavenger, this);
    while (gs_.release_stacks()) checkpoint();
  }
}

// Called by sysmon, which does not count as running. It does not have to here: the scavenger
// is a system G, which check_dead() does not look at, and from the moment a P is taken for
// it start_idle() accounts for the M.
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
