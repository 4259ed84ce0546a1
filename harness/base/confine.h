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
enum class Distress : std::uint8_t {
  none,
  stack_overflow,
  out_of_memory,
  signalled,  // another process has sent it the signal that ends it
};

struct Confinement {
  pid_t parent = 0;                // the worker ends when this process does
  int output = -1;                 // where standard output and error go; -1: nowhere else
  std::uint64_t memory_bytes = 0;  // of address space; 0, or under a sanitizer: no limit
  std::atomic<Distress>* distress = nullptr;
};

// Not undone. Ends the process if the parent is gone already. From here on nothing ends the
// process that is only asked to end or to report: such signals are its parent's. A stack
// overflow, a refused allocation and a signal from elsewhere are noted in `distress` before
// they take their course. A sanitizer's report ends the process, on its standard error,
// whatever the environment says.
void confine(const Confinement& confinement);

}  // namespace jitterbug

// A race has been reported: ends a process that is confined. A run that went on would leave
// the blame to whichever run is the last of its process.
extern "C" void jitterbug_race_reported();
