#pragma once
// The words the scheduler and whoever watches it have in common: memory orders,
// time, the documented race windows, the load-bearing steps.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rt {

using enum std::memory_order;

// Nanoseconds of a monotonic clock. Virtual in the simulated flavour.
using Instant = std::int64_t;
using Duration = std::int64_t;
inline constexpr Duration microsecond = 1'000;
inline constexpr Duration millisecond = 1'000'000;
inline constexpr Duration second = 1'000'000'000;
inline constexpr Duration forever = -1;  // as a time-out: none

// A race window: two program points between which another thread may invalidate
// what the first one established. The enumerators, their numbers, what can go wrong and where
// it was reported are in windows.inc.
enum class Window : std::uint8_t {
#define RT_WINDOW(id, name, sentence, reference) name,
#include "runtime/os/windows.inc"
#undef RT_WINDOW
  count
};

struct WindowInfo {
  const char* id;         // "1.1": group and place in it, see docs/windows.md
  const char* name;       // the enumerator's spelling
  const char* sentence;   // what goes wrong if the window is not closed
  const char* reference;  // issue or commit of the Go project, or "-"
};

inline constexpr WindowInfo window_infos[] = {
#define RT_WINDOW(id, name, sentence, reference) {id, #name, sentence, reference},
#include "runtime/os/windows.inc"
#undef RT_WINDOW
};

constexpr const WindowInfo& window_info(Window w) { return window_infos[static_cast<std::size_t>(w)]; }

// A load-bearing step of the scheduler. Lifting one re-creates the defect the
// step exists to prevent; in production every one of them is upheld, at no cost.
enum class Safeguard : std::uint8_t {
#define RT_SAFEGUARD(name, sentence) name,
#include "runtime/os/safeguards.inc"
#undef RT_SAFEGUARD
  count
};

struct SafeguardInfo {
  const char* name;
  const char* sentence;  // what goes wrong without it
};

inline constexpr SafeguardInfo safeguard_infos[] = {
#define RT_SAFEGUARD(name, sentence) {#name, sentence},
#include "runtime/os/safeguards.inc"
#undef RT_SAFEGUARD
};

constexpr const SafeguardInfo& safeguard_info(Safeguard s) {
  return safeguard_infos[static_cast<std::size_t>(s)];
}

// Why the runtime cannot go on.
enum class Fatal : std::uint8_t {
  deadlock,           // no M runs: every G waits for another one
  miscounted,         // no M runs by the scheduler's sum, which is wrong: a G could go on, or the sum is negative
  thread_exhaustion,  // more threads than the configured limit, or than the system gives
  out_of_memory,      // the system has no memory for what the program has begun
  refused,            // the system refuses something else that the runtime cannot do without
  broken_invariant,   // a check failed: the scheduler itself is wrong
};

// A readiness report of a poller. The break event has no token.
struct PollEvent {
  void* token;
  bool readable;
  bool writable;
};

using Descriptor = int;

// Memory for one G: grows down from high().
struct Stack {
  std::byte* low = nullptr;
  std::size_t size = 0;
  void* home = nullptr;  // for whoever made it, to know it by when it is released
  std::byte* high() const { return low + size; }
};

}  // namespace rt
