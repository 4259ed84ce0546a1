#pragma once
// The last operations of each thread of a run on real threads. They lie in memory that
// another process may share: who takes a crashed run apart finds them there.
//
// A step goes to its thread's ring and nowhere else, relaxed, with the time as the order of
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
  rt::engine::Op op;     // without its site, which is:
  const char* file;      // may point anywhere if the run wrote where it should not,
  std::uint32_t line;
  rt::engine::Name name;  // of the word that the operation is on: and so may its text
};

// Valid when all its bytes are zero: no step has been noted.
class NativeTrace {
 public:
  static constexpr std::size_t steps_kept = 63;        // of each thread
  static constexpr std::uint32_t threads_kept = 255;   // the first ones
  static constexpr std::uint32_t names_kept = 8'191;   // the first ones

  // Of the calling thread. Thread-safe.
  void note(const rt::engine::Op& op);

  // A number for what is called so, from 1; 0: there are too many. Thread-safe.
  rt::engine::ObjectId add_name(const rt::engine::Name& name);

  // In order of time. While threads note steps, some of them may be mixed up.
  std::vector<NativeStep> steps() const;

 private:
  struct Slot {
    std::atomic<rt::Instant> at;
    std::atomic<std::uint64_t> what;  // line, order, window, kind
    std::atomic<const char*> file;
    std::atomic<rt::engine::ObjectId> object;
  };
  struct NameSlot {
    std::atomic<const char*> text;
    std::atomic<std::uint32_t> number;
    std::atomic<std::uint32_t> index;
  };
  struct Ring {
    std::array<std::atomic<std::uint64_t>, 2> role;
    std::atomic<std::uint64_t> noted;
    // One more than are kept: a thread may have died while it wrote over the oldest.
    std::array<Slot, steps_kept + 1> slots;
  };

  NativeStep step_in(const Ring& ring, std::uint64_t number) const;
  rt::engine::Name name_of(rt::engine::ObjectId object) const;

  std::array<Ring, threads_kept> rings_;
  // Words are named when they are made: what the threads share here orders none of their operations.
  std::atomic<std::uint32_t> named_;
  std::array<NameSlot, names_kept + 1> names_;  // by number
};

}  // namespace jitterbug
