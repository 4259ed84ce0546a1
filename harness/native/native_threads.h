#pragma once
// The threads of the instrumented flavour as the engine knows them: a number, a role,
// the window each passed last, the word in its slot. For whoever judges or explains a
// run, while it goes on or from a signal handler when it has failed.
//
// Process-wide and thread-safe. Every word is relaxed: nothing here orders anything.

#include <cstdint>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

// Threads that are told apart, the run's first one included. Those beyond have no
// record of their own: they are numbered alike and never reported.
inline constexpr std::uint32_t native_threads_max = 1024;

struct NativeThread {
  char role[16];       // the name it was started with; "main": the process's first
  std::uint32_t number;
  rt::Window window;   // it passed last; Window::count: none
};

// The calling thread's number, from 1. Ask again after every suspension.
std::uint32_t native_thread_number();
// Its role is copied to `role`.
void native_thread_role(char (&role)[16]);

void note_window(rt::Window w);

// Puts the word in the calling thread's record. The number of another thread that
// holds the same word, not null, at this moment; 0: none does.
std::uint32_t note_slot(const void* value);

std::uint32_t native_threads();                     // seen so far
NativeThread native_thread(std::uint32_t number);   // from 1

}  // namespace jitterbug
