#include "runtime/os/fiber.h"

#include "runtime/os/sanitizers.h"

#ifdef RT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef RT_TSAN
#include <sanitizer/tsan_interface.h>

extern "C" {
void __tsan_ignore_thread_begin();
void __tsan_ignore_thread_end();
}
#endif

namespace rt::os_fiber {
namespace {

#ifdef RT_ASAN
void start_switch(void** fake_stack, const void* low, std::size_t size) {
  __sanitizer_start_switch_fiber(fake_stack, low, size);
}
void finish_switch(void* fake_stack, const void** low, std::size_t* size) {
  __sanitizer_finish_switch_fiber(fake_stack, low, size);
}
// Frames that never returned leave their red zones behind.
void forget_frames(Stack s) { __asan_unpoison_memory_region(s.low, s.size); }
void forbid_stack(const void* low, std::size_t size) { __asan_poison_memory_region(low, size); }
#else
void start_switch(void**, const void*, std::size_t) {}
void finish_switch(void*, const void**, std::size_t*) {}
void forget_frames(Stack) {}
void forbid_stack(const void*, std::size_t) {}
#endif

// ThreadSanitizer keeps a stack of calls per fiber; without one of its own, each
// fiber that never returns would leave its calls on the thread's. A call that
// begins in one fiber must not end in another: the switch itself is inlined.
#ifdef RT_TSAN
void* new_history() { return __tsan_create_fiber(0); }
void* current_history() { return __tsan_get_current_fiber(); }
void delete_history(void* h) {
  if (h != nullptr) __tsan_destroy_fiber(h);
}
[[gnu::always_inline]] inline void switch_history(void* h, Handover o) {
  __tsan_switch_to_fiber(h, o == Handover::unordered ? __tsan_switch_to_fiber_no_sync : 0);
}
#else
void* new_history() { return nullptr; }
void* current_history() { return nullptr; }
void delete_history(void*) {}
inline void switch_history(void*, Handover) {}
#endif

// Where a switch orders nothing, ThreadSanitizer must not hold the fibers' own words
// against those who switch. It looks away on the leaver's side and on the arriver's,
// each for itself: a fiber that is never continued must not end unwatched.
class Unwatched {
 public:
#ifdef RT_TSAN
  explicit Unwatched(Handover o) : looks_away_(o == Handover::unordered) {
    if (looks_away_) __tsan_ignore_thread_begin();
  }
  ~Unwatched() {
    if (looks_away_) __tsan_ignore_thread_end();
  }
#else
  explicit Unwatched(Handover) {}
#endif
  Unwatched(const Unwatched&) = delete;
  Unwatched& operator=(const Unwatched&) = delete;

 private:
#ifdef RT_TSAN
  const bool looks_away_;
#endif
};

}  // namespace

struct FiberEntry {
  // The leaver is named in the fiber, not in the leaver's frame: AddressSanitizer takes
  // that frame away when the leaver never comes back.
  static void arrive(const Fiber& self, void* own_fake_stack) {
    if constexpr (!sanitized) return;
    const Unwatched unwatched(self.handover_);
    Fiber* from = self.leaver_;
    finish_switch(own_fake_stack, &from->stack_low_, &from->stack_size_);
    if (from->gone_) forbid_stack(from->stack_low_, from->stack_size_);
  }

  static void enter(void* fiber) {
    const Fiber& self = *static_cast<Fiber*>(fiber);
    arrive(self, nullptr);
    self.entry_(self.argument_);
  }
};

Fiber::~Fiber() { delete_history(own_history_); }

void Fiber::prepare(Stack stack, void (*entry)(void*), void* argument) {
  forget_frames(stack);
  delete_history(own_history_);
  own_history_ = new_history();
  history_ = own_history_;
  prepare_context(context_, stack, &FiberEntry::enter, this);
  stack_low_ = stack.low;
  stack_size_ = stack.size;
  fake_stack_ = nullptr;
  gone_ = false;
  entry_ = entry;
  argument_ = argument;
}

void Fiber::switch_from(Fiber& from, bool last, Handover handover) {
  if constexpr (sanitized) announce_switch(from, last, handover);
  switch_history(history_, handover);
  rt_switch_context(from.context_, context_);
  FiberEntry::arrive(from, from.fake_stack_);
}

void Fiber::announce_switch(Fiber& from, bool last, Handover handover) {
  const Unwatched unwatched(handover);
  leaver_ = &from;
  handover_ = handover;
  from.gone_ = last;
  from.history_ = current_history();
  from.fake_stack_ = nullptr;  // nothing is left to give up after the last switch
  start_switch(last ? nullptr : &from.fake_stack_, stack_low_, stack_size_);
}

void Fiber::precede_caller() {
  if (history_ == nullptr) return;
  void* caller = current_history();
  switch_history(history_, Handover::unordered);
  switch_history(caller, Handover::ordered);
}

// The sanitizer frees the frames of a fiber only when that fiber leaves for good:
// so it is told that this one arrived and did, on its way back to the caller.
__attribute__((no_sanitize_address)) void Fiber::abandon() {
  if (fake_stack_ == nullptr) return;
  void* own_fake_stack = nullptr;
  const void* own_low = nullptr;
  std::size_t own_size = 0;
  start_switch(&own_fake_stack, stack_low_, stack_size_);
  finish_switch(fake_stack_, &own_low, &own_size);
  start_switch(nullptr, own_low, own_size);
  finish_switch(own_fake_stack, &stack_low_, &stack_size_);
  fake_stack_ = nullptr;
}

}  // namespace rt::os_fiber
