// Pipes and pollers, as virtual threads see them.

#include "harness/sim/impl.h"

namespace jitterbug {

// Tells every poller that cares; each wakes one of its waiters.
void Machine::Impl::deliver(const Pipes::Edge& edge) {
  if (edge.fd == Pipes::Edge::none) return;
  for (Pollers::Id p = 1; p <= pollers_.count(); ++p) {
    if (pollers_.signal(p, edge.fd, edge.readable, edge.writable)) wake_poller_waiter(p);
  }
}

void Machine::Impl::wake_poller_waiter(Pollers::Id p) { wake_one(Wait::poll, p); }

long Machine::Impl::file_read(rt::Descriptor fd, void* to, std::size_t n) {
  Pipes::Edge edge;
  const long result = pipes_.read(fd, to, n, edge);
  deliver(edge);
  return result;
}

long Machine::Impl::file_write(rt::Descriptor fd, const void* from, std::size_t n) {
  Pipes::Edge edge;
  const long result = pipes_.write(fd, from, n, edge);
  deliver(edge);
  return result;
}

void Machine::Impl::file_close(rt::Descriptor fd) {
  Pipes::Edge edge;
  pollers_.remove_everywhere(fd);
  pipes_.close(fd, edge);
  deliver(edge);
}

void Machine::Impl::poller_close(Pollers::Id p) {
  pollers_.close(p);
  while (wake_one(Wait::poll, p)) {
  }
}

bool Machine::Impl::poller_add(Pollers::Id p, rt::Descriptor fd, void* token) {
  if (!pipes_.is_open(fd) || !pollers_.add(p, fd, token)) return false;
  const Pipes::Edge state = pipes_.state(fd);
  if (pollers_.signal(p, fd, state.readable, state.writable)) wake_poller_waiter(p);
  return true;
}

int Machine::Impl::poller_wait(Pollers::Id p, rt::PollEvent* events, int capacity, rt::Duration timeout) {
  if (timeout != 0 && fault(rt::engine::Fault::interrupted_poll)) return 0;
  rt::Instant deadline = Clock::never;
  for (bool first = true;; first = false) {
    const int count = pollers_.collect(p, events, capacity);
    if (count > 0) {
      if (pollers_.something_to_report(p)) wake_poller_waiter(p);
      return count;
    }
    if (timeout == 0 || !pollers_.is_open(p)) return 0;
    if (first) deadline = timer(timeout);
    if (!first && current_->timed_out) return 0;
    block(Wait::poll, p, deadline);
  }
}

void Machine::Impl::poller_wake(Pollers::Id p) {
  pollers_.wake(p);
  if (pollers_.is_open(p)) wake_poller_waiter(p);
}

}  // namespace jitterbug
