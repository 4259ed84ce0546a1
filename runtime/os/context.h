#pragma once
// The registers of somebody who does not run, and how to continue with them. For
// fiber.h, which tells the sanitizers of each switch.
//
// On x86-64 a switch is a few instructions of our own; elsewhere it is Boost.Context's.

#include <cstddef>

#include "runtime/os/vocabulary.h"

namespace rt::os_fiber {

struct Context {
  void* registers = nullptr;  // lie on its own stack, and are found here by machine code
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  Context* leaver = nullptr;  // who switched to it last, where it is Boost.Context that switches
};
static_assert(offsetof(Context, registers) == 0);

// Switched to for the first time, it calls entry(argument) on `stack`. entry must never return.
void prepare_context(Context& context, Stack stack, void (*entry)(void*), void* argument);

// Saves the caller in `from` and continues `to`. Returns when somebody continues `from`.
extern "C" void rt_switch_context(Context& from, Context& to);

}  // namespace rt::os_fiber
