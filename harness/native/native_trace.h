#pragma once
// The last operations of each thread of a run on real threads. They lie in memory that
// another process may share: who takes a crashed run apart finds them there.
//
// A thread writes to its own ring and to nothing else, relaxed, with the time as the order of
// all: a counter that the threads shared would order their operations on the processor, and
// races that need a late store would never be seen.

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "runtime/os/engine.h"

namespace jitterbug {

struct NativeStep {
  rt::Instant at;        // just before the operation
  char role[16];         // of the thread
  std::uint32_t thread;  // see native_threads.h
  std::uint64_t number;  // of the step, among those of its thread
  rt::engine::Op op;     // its site's file may point anywhere if the run wrote where it should not
};

// Valid when all its bytes are zero: no step has been noted.
class NativeTrace {
 public:
  static constexpr std::size_t steps_kept = 63;        // of each thread
  static constexpr std::uint32_t threads_kept = 255;   // the first ones

  // Of the calling thread. Thread-safe.
  void note(const rt::engine::Op& op);

  // In order of time. While threads note steps, some of them may be mixed up.
  std::vector<NativeStep> steps() const;

 private:
  struct Slot {
    std::atomic<rt::Instant> at;
    std::atomic<std::uint64_t> what;  // line, window, kind
    std::atomic<const char*> file;
  };
  struct Ring {
    std::array<std::atomic<std::uint64_t>, 2> role;
    std::atomic<std::uint64_t> noted;
    // One more than are kept: a thread may have died while it wrote over the oldest.
    std::array<Slot, steps_kept + 1> slots;
  };

  static NativeStep step_in(const Ring& ring, std::uint64_t number);

  std::array<Ring, threads_kept> rings_;
};

}  // namespace jitterbug
