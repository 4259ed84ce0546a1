#include "runtime/sched/gs.h"

#include <cstdio>
#include <iterator>
#include <new>
#include <utility>

#include "runtime/base/limits.h"

namespace rt {
namespace {

template <class... Values>
[[noreturn]] void out_of_memory(const char* format, Values... values) {
  char line[100];
  std::snprintf(line, sizeof line, format, values...);
  os::fatal(Fatal::out_of_memory, line);
}

// Stacks on their way back to the system, which takes many at once.
class StackBatch {
 public:
  StackBatch() = default;
  ~StackBatch() { release(); }
  StackBatch(const StackBatch&) = delete;
  StackBatch& operator=(const StackBatch&) = delete;

  void add(Stack stack) {
    stacks_[size_++] = stack;
    if (size_ == std::size(stacks_)) release();
  }

 private:
  void release() { os::stacks_release({stacks_, std::exchange(size_, 0)}); }

  Stack stacks_[limits::stacks_per_release];
  std::size_t size_ = 0;
};

}  // namespace

Gs::~Gs() {
  {
    StackBatch batch;
    for (G* gp = all_.front(); gp != nullptr; gp = gp->all_link) {
      if (gp->stack.low == nullptr) continue;
      gp->fiber.abandon();
      batch.add(gp->stack);
    }
  }
  while (G* gp = all_.pop_front()) delete gp;
}

G* Gs::get() {
  G* gp = nullptr;
  {
    LockGuard guard(lock_);
    gp = idle_.pop_front();
    if (gp == nullptr) gp = bare_.pop_front();
    if (gp == nullptr) gp = make(guard);
  }
  os::race_window(Window::g_recycle);
  return gp;
}

G* Gs::get_new() {
  G* gp = nullptr;
  {
    LockGuard guard(lock_);
    gp = make(guard);
  }
  give_stack(gp);
  gp->begun = true;
  return gp;
}

// The G is dead: while it belongs to nobody it must not look like one that waits.
G* Gs::make(const LockGuard&) {
  const std::int64_t id = all_.size();
  G* gp = new (std::nothrow) G(id);
  if (gp == nullptr) out_of_memory("no memory for G %lld", static_cast<long long>(id));
  gp->status.store(GStatus::dead, relaxed);  // ordered by lock_
  all_.push_back(gp);
  return gp;
}

// The stack of the G that died last is the best one: it is still in the caches.
void Gs::give_stack(G* gp) {
  if (gp->stack.low != nullptr) return;
  {
    LockGuard guard(lock_);
    if (G* dead = idle_.pop_front()) {
      gp->stack = std::exchange(dead->stack, Stack{});
      bare_.push_front(dead);
      return;
    }
  }
  gp->stack = os::stack_allocate(stack_size_);
  if (gp->stack.low != nullptr) return;
  out_of_memory("no memory for the stack of G %lld (%zu KiB)", static_cast<long long>(gp->id), stack_size_ / 1024);
}

bool Gs::put(G* gp) {
  gp->begun = false;
  LockGuard guard(lock_);
  idle_.push_front(gp);
  return idle_.size() > limits::stacks_kept;
}

bool Gs::release_stacks() {
  GQueue spare;
  bool more = false;
  {
    LockGuard guard(lock_);
    GQueue kept = idle_.take_front(limits::stacks_kept);
    spare = idle_.take_front(limits::stacks_per_release);
    more = !idle_.empty();
    kept.append(std::move(idle_));
    idle_ = std::move(kept);
  }
  // The system is slow at this: nobody waits for the lock meanwhile.
  {
    StackBatch batch;
    for (G* gp = spare.front(); gp != nullptr; gp = gp->link) batch.add(std::exchange(gp->stack, Stack{}));
  }
  LockGuard guard(lock_);
  bare_.append(std::move(spare));
  return more;
}

}  // namespace rt
