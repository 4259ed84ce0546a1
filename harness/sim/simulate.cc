// The engine of the simulated flavour: forwards each question to the machine whose virtual
// thread asks. If no virtual thread asks (before a run, or while a judge looks at the program's
// state), nothing is a step and nothing happens.

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "harness/sim/hot.h"
#include "harness/sim/impl.h"
#include "harness/sim/sanitizer.h"
#include "runtime/os/engine.h"

namespace rt::engine {
namespace {

using Impl = jitterbug::Machine::Impl;

// The machine whose virtual thread asks; false: no virtual thread does. ThreadSanitizer ignores
// the asking thread while this lives.
class Asked {
 public:
  explicit operator bool() const { return machine_ != nullptr; }
  Impl* operator->() const { return machine_; }

 private:
  const jitterbug::TsanIgnore ignored_;
  Impl* const machine_ = Impl::inside();
};

}  // namespace

void step(Op op) {
  if (!jitterbug::quiet_step(op)) Impl::step_with_attention(op);
}

bool lifted(Safeguard s) {
  Impl* machine = Impl::running();
  return machine != nullptr && machine->lifted(s);
}

void lock_event(LockEvent e, ObjectId lock, Site) {
  if (const Asked machine; machine) machine->lock_event(e, lock);
}

ObjectId new_object(const Name& name) {
  Impl* machine = Impl::inside();
  return machine == nullptr ? 0 : machine->new_object(name);
}

void rename_object(ObjectId object, const Name& name) {
  if (Impl* machine = Impl::inside()) machine->rename_object(object, name);
}

Name name_of(ObjectId object) {
  Impl* machine = Impl::running();
  return machine == nullptr ? Name{} : machine->name_of(object);
}

std::uint32_t choose(std::uint32_t n, Site) {
  const Asked machine;
  return machine ? machine->ask(jitterbug::Question::program, n) : 0;
}

bool fault(Fault f) {
  const Asked machine;
  return machine && machine->fault(f);
}

Instant now() {
  Impl* machine = Impl::running();
  return machine == nullptr ? 0 : machine->now();
}

void sleep(Duration d) {
  if (const Asked machine; machine) machine->sleep(d);
}

void relax(Site site) { step(Op{.kind = OpKind::relax, .site = site}); }

void futex_block(ObjectId word, Duration timeout) {
  if (const Asked machine; machine) machine->futex_block(word, timeout);
}

int futex_wake(ObjectId word, int count) {
  const Asked machine;
  return machine ? machine->futex_wake(word, count) : 0;
}

ThreadId thread_start(void (*entry)(void*), void* argument, const char* role, Site site) {
  const Asked machine;
  return machine ? machine->start_thread(entry, argument, role, site) : no_thread;
}

void thread_join(ThreadId t) {
  if (const Asked machine; machine) machine->join_thread(t);
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
  if (const Asked machine; machine) machine->set_slot(value);
}

// A stack that is taken outside of a run belongs to no run.
Stack stack_allocate(std::size_t size) {
  const jitterbug::TsanIgnore ignored;
  Impl* machine = Impl::running();
  const Stack s = machine == nullptr ? jitterbug::StackPool::map(size) : machine->stacks_.take(size);
  jitterbug::system_acquires(s.low);
  return s;
}

void stack_release(Stack s) {
  jitterbug::system_releases(s.low);
  const Asked machine;
  if (machine) return machine->stack_release(s);
  jitterbug::StackPool::give_back(s);
}

int pipe_open(Descriptor ends[2]) {
  const Asked machine;
  if (!machine) return -ENOSYS;
  machine->pipes_.open(ends);
  return 0;
}

long file_read(Descriptor fd, void* to, std::size_t n) {
  const Asked machine;
  return machine ? machine->file_read(fd, to, n) : -EBADF;
}

long file_write(Descriptor fd, const void* from, std::size_t n) {
  const Asked machine;
  return machine ? machine->file_write(fd, from, n) : -EBADF;
}

void file_close(Descriptor fd) {
  if (const Asked machine; machine) machine->file_close(fd);
}

PollerId poller_open() {
  const Asked machine;
  return machine ? machine->pollers_.open() : 0;
}

void poller_close(PollerId p) {
  if (const Asked machine; machine) machine->poller_close(p);
}

bool poller_add(PollerId p, Descriptor fd, void* token) {
  const Asked machine;
  return machine && machine->poller_add(p, fd, token);
}

void poller_remove(PollerId p, Descriptor fd) {
  if (const Asked machine; machine) machine->poller_remove(p, fd);
}

int poller_wait(PollerId p, PollEvent* events, int capacity, Duration timeout) {
  const Asked machine;
  return machine ? machine->poller_wait(p, events, capacity, timeout) : 0;
}

void poller_wake(PollerId p) {
  if (const Asked machine; machine) machine->poller_wake(p);
}

void poller_drain(PollerId p) {
  if (const Asked machine; machine) machine->poller_drain(p);
}

void fatal(Fatal kind, const char* message) {
  if (const Asked machine; machine) machine->program_fatal(kind, message);
  std::fprintf(stderr, "fatal error outside of a simulated thread: %s\n", message);
  std::abort();
}

}  // namespace rt::engine
