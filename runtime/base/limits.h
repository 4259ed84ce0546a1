#pragma once
// Every bound of the scheduler. A model of it gets smaller rings, so that their
// ends are reached within a short run; the algorithm is the same.

#include <cstddef>
#include <cstdint>

#include "runtime/os/os.h"

namespace rt::limits {

inline constexpr std::size_t stack_min = 16 * 1024;  // bytes

inline constexpr int procs_max = os::model_sized ? 16 : 1024;

// Slots of a P's run queue. A power of two: positions are counters modulo it.
inline constexpr std::uint32_t run_queue_slots = os::model_sized ? 8 : 256;
static_assert((run_queue_slots & (run_queue_slots - 1)) == 0);

// A P looks at the global queue first once in this many scheduling rounds, so
// that two Gs that keep readying each other cannot starve it.
inline constexpr std::uint32_t global_queue_period = 61;

inline constexpr int steal_rounds = 4;
inline constexpr Duration runnext_steal_backoff = 3 * microsecond;

// Dead Gs that keep their stacks for the next spawn; what is above it is the
// scavenger's.
inline constexpr int stacks_kept = os::model_sized ? 1 : 64;

// Stacks that the scavenger returns to the system at once, between two checkpoints.
inline constexpr int stacks_per_release = 64;

// sysmon: from the first to the last delay between two rounds, and how long a G
// or a system call may hold a P that others want.
inline constexpr Duration sysmon_delay_min = 20 * microsecond;
inline constexpr Duration sysmon_delay_max = 10 * millisecond;
inline constexpr int sysmon_idle_rounds = 50;  // rounds without work before the delay doubles
inline constexpr Duration slice = 10 * millisecond;
inline constexpr Duration sysmon_deep_sleep_max = 60 * second;

// Spins of a lock before its taker sleeps: with the processor, then yielding it.
inline constexpr int lock_spins_active = os::model_sized ? 1 : 4;
inline constexpr int lock_spins_passive = 1;
inline constexpr int lock_spin_pauses = os::model_sized ? 1 : 30;

inline constexpr Duration extra_m_poll = 1 * microsecond;
inline constexpr Duration thread_retry = 1 * millisecond;
inline constexpr int thread_refusals_max = 5'000;  // in a row; then there are no threads to be had
inline constexpr Duration join_poll = 1 * millisecond;
inline constexpr int poll_batch = os::model_sized ? 8 : 128;

}  // namespace rt::limits
