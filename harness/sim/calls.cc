// What a virtual thread asks of its operating system, apart from files.

#include <algorithm>

#include "harness/run/step_text.h"
#include "harness/sim/impl.h"

namespace jitterbug {
namespace {

constexpr std::uint32_t spurious_delay_max = 64;  // steps until a spurious wake

}  // namespace

void Machine::Impl::join_thread(ThreadId t) {
  if (!threads_.known(t)) return misuse("joins a thread that was never started");
  if (threads_[t].joined) return misuse("joins " + threads_[t].name() + ", which is joined already");
  threads_[t].joined = true;
  if (threads_[t].wait != Wait::ended) {
    threads_[t].joiner = current_;
    block(Wait::join, t, Clock::never);
  }
  threads_[t].fiber.precede_caller();
}

void Machine::Impl::sleep(rt::Duration d) {
  if (d != 0) block(Wait::time, 0, timer(d));
}

void Machine::Impl::futex_block(rt::engine::ObjectId word, rt::Duration timeout) {
  if (word == 0) refuse("a thread waits on a word that was made outside of the run");
  if (timeout == 0) return;
  rt::Instant deadline = timer(timeout);
  if (fault(rt::engine::Fault::spurious_wake)) {
    const rt::Duration delay = clock_.step_ns() * (1 + ask(Question::time, spurious_delay_max));
    deadline = std::min(deadline, deadline_after(delay));
  }
  block(Wait::futex, word, deadline);
}

int Machine::Impl::futex_wake(rt::engine::ObjectId word, int count) {
  int woken = 0;
  while (woken < count && wake_one(Wait::futex, word)) ++woken;
  return woken;
}

void Machine::Impl::set_slot(void* value) {
  current_->slot = value;
  if (value == nullptr) return;
  for (const VirtualThread* t : threads_.live()) {
    if (t == current_ || t->slot != value) continue;
    other_thread_ = t->id;
    go_home(HomeRequest::slot_shared);
    return;
  }
}

void Machine::Impl::lock_event(rt::engine::LockEvent e, rt::engine::ObjectId lock) {
  if (lock == 0) return;
  const char* wrong = locks_.note(e, lock, current_->id);
  if (wrong == nullptr) return;
  const std::string name = to_text(name_of(lock));
  last_words_ = wrong + (name.empty() ? "" : ": " + name);
  said_ = last_words_;
  go_home(HomeRequest::lock_misused);
}

void Machine::Impl::stack_release(rt::Stack s) {
  switch (stacks_.state(s)) {
    case StackPool::State::taken: return StackPool::give_back(s);
    case StackPool::State::kept: return misuse("releases a stack that is released already");
    case StackPool::State::unknown: return misuse("releases a stack that was never allocated");
  }
}

void Machine::Impl::misuse(const std::string& what) {
  last_words_ = current_->name() + " " + what;
  said_ = last_words_;
  go_home(HomeRequest::resource_misused);
}

void Machine::Impl::program_fatal(rt::Fatal kind, const char* message) {
  fatal_kind_ = kind;
  // The message may stand on the caller's stack, and the caller leaves that for good.
  last_words_ = message;
  said_ = last_words_;
  leave_for_good(HomeRequest::fatal);
}

}  // namespace jitterbug
