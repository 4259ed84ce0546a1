#pragma once
// What a worker process may take of the machine, and how it says why it ends. For a
// process that has just been forked and runs schedules on one thread.

#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "harness/campaign/shared_state.h"

namespace jitterbug {

// What a run may print, in bytes; SIGXFSZ ends the one that prints more.
inline constexpr std::uint64_t output_max = std::uint64_t{4} << 20;

struct Confinement {
  pid_t parent = 0;                // the worker ends when this process does
  int output = -1;                 // where standard output and error go; -1: nowhere else
  std::uint64_t memory_bytes = 0;  // of address space; 0, or under a sanitizer: no limit
  std::atomic<Distress>* distress = nullptr;
};

// Not undone. Ends the process if the parent is gone already. A stack overflow and
// a refused allocation are noted in `distress` before they take their course.
void confine(const Confinement& confinement);

}  // namespace jitterbug
