#pragma once
// What a worker process may take of the machine, and how it says why it ends. For a
// process that has just been forked and runs schedules on one thread.

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace jitterbug {

// What a run may print, in bytes; SIGXFSZ ends the one that prints more.
inline constexpr std::uint64_t output_max = std::uint64_t{4} << 20;

// What a process has noticed about its run before the run ends it.
enum class Distress : std::uint8_t { none, stack_overflow, out_of_memory };

struct Confinement {
  pid_t parent = 0;                // the worker ends when this process does
  int output = -1;                 // where standard output and error go; -1: nowhere else
  std::uint64_t memory_bytes = 0;  // of address space; 0, or under a sanitizer: no limit
  std::atomic<Distress>* distress = nullptr;
};

// Not undone. Ends the process if the parent is gone already. A stack overflow and
// a refused allocation are noted in `distress` before they take their course.
void confine(const Confinement& confinement);

// Of what a run prints, bytes that a finding keeps.
inline constexpr std::size_t output_shown = 2'000;

// Empties what open_output() gave: what one run prints is not to be taken for the next one's. For the child.
void forget_output(int file);

}  // namespace jitterbug
