#pragma once
// Stack switching, the same machine code in every flavour: that of context.h, with the
// announcements that AddressSanitizer and ThreadSanitizer want at each switch.
//
// A Fiber is a place to save a context. Whoever runs may leave from any stack:
// the context saved is that of the caller of switch_to(), wherever it stands.

#include <cstddef>
#include <cstdint>

#include "runtime/os/context.h"
#include "runtime/os/vocabulary.h"

namespace rt::os_fiber {

// What ThreadSanitizer makes of a switch: does what the leaver did happen before
// what the arriver does? Of two fibers of one thread it does; a machine that runs
// several threads on one must not let it seem so.
enum class Handover : std::uint8_t { ordered, unordered };

class Fiber {
 public:
  Fiber() = default;
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Prepares the fiber to call entry(argument) on `stack` at its first switch.
  // entry must never return.
  void prepare(Stack stack, void (*entry)(void*), void* argument);

  // Saves the caller's context in `from` and continues this fiber.
  // `last`: the caller never runs again, and its stack may be reused. Until it is,
  // AddressSanitizer lets nobody touch it.
  void switch_from(Fiber& from, bool last = false, Handover handover = Handover::ordered);

  // Tells ThreadSanitizer that what this fiber did until it was left happens before
  // what the caller does from here on.
  void precede_caller();

  // Gives up what a sanitizer keeps for a fiber that has been left and will not be
  // continued. The caller stands on another stack; prepare() makes it usable again.
  void abandon();

  // The fiber will be continued soon: has the caches fetch what that reads first, the
  // saved registers and the frames through which it left. A hint.
  void prefetch() const {
    const auto saved = reinterpret_cast<std::uintptr_t>(context_.registers);
    for (std::uintptr_t at = 0; at < 384; at += 64) __builtin_prefetch(reinterpret_cast<const void*>(saved + at));
  }

 private:
  friend struct FiberEntry;

  // Before a switch, by the caller.
  void announce_switch(Fiber& from, bool last, Handover handover);

  Context context_;
  // What follows is kept up to date for a sanitizer only.
  const void* stack_low_ = nullptr;  // the stack it stands on; known once it has been left
  std::size_t stack_size_ = 0;
  Fiber* leaver_ = nullptr;     // who switched to it last
  Handover handover_ = Handover::ordered;  // and how
  bool gone_ = false;           // it has left for the last time
  void* fake_stack_ = nullptr;  // AddressSanitizer's use-after-return frames
  void* own_history_ = nullptr;  // ThreadSanitizer's view of the fiber, made by prepare()
  void* history_ = nullptr;      // what to switch to: that one, or the thread's
  void (*entry_)(void*) = nullptr;
  void* argument_ = nullptr;
};

}  // namespace rt::os_fiber
