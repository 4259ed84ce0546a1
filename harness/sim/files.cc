// Pipes and pollers, as virtual threads see them.

#include <cerrno>

#include "harness/sim/impl.h"

namespace jitterbug {
namespace {

const char* state_text(bool was_open) { return was_open ? ", which is closed" : ", which was never opened"; }

std::string descriptor(rt::Descriptor fd) { return "descriptor " + std::to_string(fd); }

std::string poller(Pollers::Id p) { return p == 0 ? "a poller" : "poller " + std::to_string(p); }

}  // namespace

bool Machine::Impl::allowed(const char* act, rt::Descriptor fd) {
  if (pipes_.is_open(fd)) return true;
  misuse(std::string(act) + " " + descriptor(fd) + state_text(pipes_.was_open(fd)));
  return false;
}

bool Machine::Impl::allowed(const char* act, Pollers::Id p) {
  if (pollers_.is_open(p)) return true;
  misuse(std::string(act) + " " + poller(p) + state_text(pollers_.was_open(p)));
  return false;
}

// Tells every poller that watches the descriptor; each wakes one thread that waits in it.
void Machine::Impl::deliver(const Pipes::Edge& edge) {
  if (edge.fd == Pipes::Edge::none) return;
  for (Pollers::Id p = 1; p <= pollers_.count(); ++p) {
    if (pollers_.signal(p, edge.fd, edge.readable, edge.writable)) wake_poller_waiter(p);
  }
}

void Machine::Impl::wake_poller_waiter(Pollers::Id p) { wake_one(Wait::poll, p); }

long Machine::Impl::file_read(rt::Descriptor fd, void* to, std::size_t n) {
  if (!allowed("reads from", fd)) return -EBADF;
  Pipes::Edge edge;
  const long result = pipes_.read(fd, to, n, edge);
  if (result == -EBADF) misuse("reads from " + descriptor(fd) + ", the end of a pipe that is for writing");
  deliver(edge);
  return result;
}

long Machine::Impl::file_write(rt::Descriptor fd, const void* from, std::size_t n) {
  if (!allowed("writes to", fd)) return -EBADF;
  Pipes::Edge edge;
  const long result = pipes_.write(fd, from, n, edge);
  if (result == -EBADF) misuse("writes to " + descriptor(fd) + ", the end of a pipe that is for reading");
  if (result == -EPIPE) misuse("writes to " + descriptor(fd) + ", a pipe whose other end is closed");
  deliver(edge);
  return result;
}

void Machine::Impl::file_close(rt::Descriptor fd) {
  if (!allowed("closes", fd)) return;
  Pipes::Edge edge;
  pollers_.remove_everywhere(fd);
  pipes_.close(fd, edge);
  deliver(edge);
}

// A thread that waits in the poller goes on waiting, as in Linux, where a call under way keeps
// the poller.
void Machine::Impl::poller_close(Pollers::Id p) {
  if (allowed("closes", p)) pollers_.close(p);
}

bool Machine::Impl::poller_add(Pollers::Id p, rt::Descriptor fd, void* token) {
  if (!allowed("adds a descriptor to", p) || !allowed("has a poller watch", fd)) return false;
  if (!pollers_.add(p, fd, token)) return false;
  const Pipes::Edge state = pipes_.state(fd);
  if (pollers_.signal(p, fd, state.readable, state.writable)) wake_poller_waiter(p);
  return true;
}

void Machine::Impl::poller_remove(Pollers::Id p, rt::Descriptor fd) {
  if (!allowed("removes a descriptor from", p) || !allowed("has a poller forget", fd)) return;
  if (!pollers_.remove(p, fd)) misuse("removes " + descriptor(fd) + " from " + poller(p) + ", which does not watch it");
}

int Machine::Impl::poller_wait(Pollers::Id p, rt::PollEvent* events, int capacity, rt::Duration timeout) {
  if (!allowed("waits in", p)) return 0;
  if (timeout != 0 && fault(rt::engine::Fault::interrupted_poll)) return 0;
  rt::Instant deadline = Clock::never;
  for (bool first = true;; first = false) {
    const int count = pollers_.collect(p, events, capacity);
    if (count > 0) {
      if (pollers_.something_to_report(p)) wake_poller_waiter(p);
      return count;
    }
    if (timeout == 0) return 0;
    if (first) deadline = timer(timeout);
    if (!first && current_->timed_out) return 0;
    block(Wait::poll, p, deadline);
  }
}

void Machine::Impl::poller_wake(Pollers::Id p) {
  if (!allowed("wakes", p)) return;
  pollers_.wake(p);
  wake_poller_waiter(p);
}

void Machine::Impl::poller_drain(Pollers::Id p) {
  if (allowed("drains", p)) pollers_.drain(p);
}

}  // namespace jitterbug
