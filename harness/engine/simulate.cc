// The engine of the simulated flavour: forwards every question to the machine
// whose virtual thread asks. Where no virtual thread asks (before a run, or a
// judge looks at the program's state) nothing is a step and nothing happens.

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "harness/sim/hot.h"
#include "harness/sim/impl.h"
#include "runtime/os/engine.h"

namespace rt::engine {
namespace {

using Impl = jitterbug::Machine::Impl;

}  // namespace

void step(const Op& op) {
  if (jitterbug::quiet_step(op)) return;
  if (Impl* machine = Impl::inside()) machine->step_with_attention(op);
}

bool lifted(Safeguard s) {
  Impl* machine = Impl::running();
  return machine != nullptr && machine->lifted(s);
}

void lock_event(LockEvent e, ObjectId lock, Site) {
  if (Impl* machine = Impl::inside()) machine->lock_event(e, lock);
}

ObjectId next_object() {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : ++machine->objects_;
}

std::uint32_t choose(std::uint32_t n, Site) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : machine->ask(jitterbug::Question::program, n);
}

bool fault(Fault f) {
  Impl* machine = Impl::inside();
  return machine != nullptr && machine->fault(f);
}

Instant now() {
  Impl* machine = Impl::running();
  return machine == nullptr ? 0 : machine->now();
}

void sleep(Duration d) {
  if (Impl* machine = Impl::inside()) machine->sleep(d);
}

void relax(Site site) { step({OpKind::relax, Window::count, 0, site}); }

void futex_block(ObjectId word, Duration timeout) {
  if (Impl* machine = Impl::inside()) machine->futex_block(word, timeout);
}

int futex_wake(ObjectId word, int count) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : machine->futex_wake(word, count);
}

ThreadId thread_start(void (*entry)(void*), void* argument, const char* role) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? no_thread : machine->start_thread(entry, argument, role);
}

void thread_join(ThreadId t) {
  if (Impl* machine = Impl::inside()) machine->join_thread(t);
}

ThreadId thread_self() {
  Impl* machine = Impl::inside();
  return machine == nullptr ? no_thread : machine->current_->id;
}

void* slot() {
  Impl* machine = Impl::inside();
  return machine == nullptr ? nullptr : machine->current_->slot;
}

void set_slot(void* value) {
  if (Impl* machine = Impl::inside()) machine->set_slot(value);
}

// A stack that is taken outside of a run outlives it.
Stack stack_allocate(std::size_t size) {
  Impl* machine = Impl::running();
  return machine == nullptr ? jitterbug::StackPool::map(size) : machine->stacks_.take(size);
}

void stack_release(Stack s) { jitterbug::StackPool::give_back(s); }

int pipe_open(Descriptor ends[2]) {
  Impl* machine = Impl::inside();
  if (machine == nullptr) return -ENOSYS;
  machine->pipes_.open(ends);
  return 0;
}

long file_read(Descriptor fd, void* to, std::size_t n) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? -EBADF : machine->file_read(fd, to, n);
}

long file_write(Descriptor fd, const void* from, std::size_t n) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? -EBADF : machine->file_write(fd, from, n);
}

void file_close(Descriptor fd) {
  if (Impl* machine = Impl::inside()) machine->file_close(fd);
}

PollerId poller_open() {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : machine->pollers_.open();
}

void poller_close(PollerId p) {
  if (Impl* machine = Impl::inside()) machine->poller_close(p);
}

bool poller_add(PollerId p, Descriptor fd, void* token) {
  Impl* machine = Impl::inside();
  return machine != nullptr && machine->poller_add(p, fd, token);
}

void poller_remove(PollerId p, Descriptor fd) {
  if (Impl* machine = Impl::inside()) machine->pollers_.remove(p, fd);
}

int poller_wait(PollerId p, PollEvent* events, int capacity, Duration timeout) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : machine->poller_wait(p, events, capacity, timeout);
}

void poller_wake(PollerId p) {
  if (Impl* machine = Impl::inside()) machine->poller_wake(p);
}

void poller_drain(PollerId p) {
  if (Impl* machine = Impl::inside()) machine->pollers_.drain(p);
}

void fatal(Fatal kind, const char* message) {
  if (Impl* machine = Impl::inside()) machine->program_fatal(kind, message);
  std::fprintf(stderr, "fatal error outside of a simulated thread: %s\n", message);
  std::abort();
}

}  // namespace rt::engine
