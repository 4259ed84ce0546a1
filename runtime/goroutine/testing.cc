#include "runtime/goroutine/testing.h"

#include "runtime/base/check.h"
#include "runtime/goroutine/park.h"

namespace rt {

ThreadG::ThreadG(std::int64_t number) : G(number) { os::set_slot(this); }

ThreadG::~ThreadG() { os::set_slot(nullptr); }

void park_current(ParkCommit commit, void* argument) {
  auto* self = static_cast<ThreadG*>(os::slot());
  check(self != nullptr, "park: the calling thread is a G");
  self->awake_->store(0, relaxed);  // ordered by the commit
  if (self->before_commit) self->before_commit();
  if (!commit(self, argument)) {
    ++self->taken_back;
    return;
  }
  ++self->parks;
  while (self->awake_->load(acquire) == 0) os::futex_wait(*self->awake_, 0, forever);  // pairs with ready()
}

void ready(G* gp) {
  const auto awake = static_cast<ThreadG*>(gp)->awake_;
  const std::uint32_t was = awake->exchange(1, acq_rel);  // pairs with park_current()
  check(was == 0, "ready: a G that waits is readied, and once");
  os::futex_wake(*awake, 1);  // the G may be gone
}

}  // namespace rt
