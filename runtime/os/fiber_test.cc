// Stack switching below the three flavours. Runs in the world of its flavour.

#include "runtime/os/fiber.h"

#include <gtest/gtest.h>
#include <unwind.h>

#include <cfenv>

#include "runtime/os/contract_world.h"
#include "runtime/os/os.h"
#include "runtime/os/sanitizers.h"

#ifdef RT_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace rt {
namespace {

// Does AddressSanitizer forbid a byte of what the caller has not used yet?
[[maybe_unused, gnu::noinline]] bool red_zones_below_the_caller([[maybe_unused]] Stack stack) {
#ifdef RT_ASAN
  const auto* frame = static_cast<std::byte*>(__builtin_frame_address(0)) - 1024;
  return __asan_region_is_poisoned(stack.low, static_cast<std::size_t>(frame - stack.low)) != nullptr;
#else
  return false;
#endif
}

// Does AddressSanitizer forbid the stack from one end to the other?
bool forbidden([[maybe_unused]] Stack stack) {
#ifdef RT_ASAN
  return __asan_address_is_poisoned(stack.low) != 0 && __asan_address_is_poisoned(stack.high() - 1) != 0;
#else
  return false;
#endif
}

#ifdef RT_ASAN
constexpr bool addresses_are_watched = true;
#else
constexpr bool addresses_are_watched = false;
#endif

using os_fiber::Fiber;

constexpr std::size_t stack_size = 64 * 1024;

// A body on a stack of its own; it goes back to its caller with leave().
class Coroutine {
 public:
  explicit Coroutine(void (*body)(Coroutine&)) : body_(body) { restart(); }
  ~Coroutine() { os::stack_release(stack_); }
  Coroutine(const Coroutine&) = delete;
  Coroutine& operator=(const Coroutine&) = delete;

  void restart() { fiber_.prepare(stack_, &enter, this); }
  void resume() { fiber_.switch_from(caller_); }
  void abandon() { fiber_.abandon(); }
  Stack stack() const { return stack_; }
  void leave(bool last = false) { caller_.switch_from(fiber_, last); }

  int steps = 0;
  void* slot = nullptr;

 private:
  static void enter(void* self) {
    auto& c = *static_cast<Coroutine*>(self);
    c.body_(c);
    c.leave(true);
  }

  void (*body_)(Coroutine&);
  Stack stack_ = os::stack_allocate(stack_size);
  Fiber fiber_;
  Fiber caller_;
};

CONTRACT(AFiberContinuesWhereItLeftWithItsLocals) {
  Coroutine c([](Coroutine& self) {
    int locals[16] = {};
    for (int i = 0; i < 16; ++i) {
      locals[i] = i;
      self.steps = 0;
      for (int k = 0; k <= i; ++k) self.steps += locals[k];
      self.leave();
    }
  });
  int sum = 0;
  for (int i = 0; i < 16; ++i) {
    c.resume();
    sum += i;
    EXPECT_EQ(c.steps, sum);
  }
  c.resume();
}

CONTRACT(FibersNest) {
  Coroutine outer([](Coroutine& self) {
    Coroutine inner([](Coroutine& deep) {
      deep.steps = 1;
      deep.leave();
      deep.steps = 2;
    });
    inner.resume();
    self.steps = inner.steps;
    self.leave();
    inner.resume();
    self.steps = inner.steps;
  });
  outer.resume();
  EXPECT_EQ(outer.steps, 1);
  outer.resume();
  EXPECT_EQ(outer.steps, 2);
}

CONTRACT(AFiberRoundsItsOwnWay) {
  Coroutine c([](Coroutine& self) {
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);  // as where it was prepared
    std::fesetround(FE_UPWARD);
    self.leave();
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
  });
  c.resume();
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  std::fesetround(FE_DOWNWARD);
  c.resume();
  EXPECT_EQ(std::fegetround(), FE_DOWNWARD);
  std::fesetround(FE_TONEAREST);
}

#ifdef __x86_64__
// Debuggers and sanitizers walk it, and read nothing above it.
CONTRACT(AFibersStackHasAnEnd) {
  Coroutine c([](Coroutine& self) {
    const auto count = [](_Unwind_Context*, void* steps) { return ++*static_cast<int*>(steps), _URC_NO_REASON; };
    EXPECT_EQ(_Unwind_Backtrace(count, &self.steps), _URC_END_OF_STACK);
  });
  c.resume();
  EXPECT_GE(c.steps, 2);
  EXPECT_LE(c.steps, 20);
}
#endif

// Leaves from deep inside, for good: nothing is unwound.
[[gnu::noinline]] void leave_from(Coroutine& c, int depth) {
  volatile char frame[256];
  frame[depth] = 1;
  if (depth == 0) {
    c.leave(true);
  } else {
    leave_from(c, depth - 1);
  }
  c.steps += frame[depth];
}

CONTRACT(AStackThatWasAbandonedInTheMiddleIsFreshAgain) {
  Coroutine c([](Coroutine& self) {
    if (self.steps == 0) leave_from(self, 20);
    self.steps = red_zones_below_the_caller(self.stack()) ? 2 : 3;
  });
  c.resume();
  c.steps = 1;
  c.restart();
  c.resume();
  EXPECT_EQ(c.steps, 3);
}

// More calls than ThreadSanitizer keeps per thread.
CONTRACT(FibersThatNeverReturnDoNotAddUp) {
  Coroutine c([](Coroutine& self) { leave_from(self, 20); });
  for (int i = 0; i < 4'000; ++i) {
    c.resume();
    c.restart();
  }
}

CONTRACT(AFiberThatIsGivenUpWhileItIsSuspendedCanBePreparedAgain) {
  Coroutine c([](Coroutine& self) {
    volatile char frame[256];
    frame[0] = 1;
    self.steps += frame[0];
    self.leave();
    self.steps += 1'000;
  });
  for (int i = 1; i <= 3; ++i) {
    c.resume();
    EXPECT_EQ(c.steps, i);
    c.abandon();
    c.restart();
  }
}

CONTRACT(AStackThatWasLeftForGoodIsForbiddenUntilItIsUsedAgain) {
  Coroutine c([](Coroutine&) {});
  EXPECT_FALSE(forbidden(c.stack()));
  c.resume();
  EXPECT_EQ(forbidden(c.stack()), addresses_are_watched);
  c.restart();
  EXPECT_FALSE(forbidden(c.stack()));
}

CONTRACT(AFiberSeesTheSlotOfTheThreadItContinuesOn) {
  static int first_thread;
  static int second_thread;
  os::set_slot(&first_thread);
  Coroutine c([](Coroutine& self) {
    self.slot = os::slot();
    self.leave();
    self.slot = os::slot();
  });
  c.resume();
  EXPECT_EQ(c.slot, &first_thread);
  os::Thread thread;
  ASSERT_TRUE(thread.start(
      [](void* coroutine) {
        os::set_slot(&second_thread);
        static_cast<Coroutine*>(coroutine)->resume();
        os::set_slot(nullptr);
      },
      &c, "contract"));
  thread.join();
  EXPECT_EQ(c.slot, &second_thread);
  os::set_slot(nullptr);
}

}  // namespace
}  // namespace rt
