#pragma once
// The engine of the instrumented flavour: real threads, held up here and there so
// that they meet in places where they rarely meet by themselves.
//
// Everything here is process-wide, because the engine is; all functions may be
// called from any thread at any time. Without a policy an operation costs one
// predictable branch, and every safeguard is upheld.

#include <cstdint>
#include <optional>

#include "harness/native/native_trace.h"
#include "harness/native/policy.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

struct Perturbation {
  // Each thread draws from a stream of its own, made of this and of its number in
  // the order of first appearance. Real threads stay what they are: the draws of
  // a thread repeat, the interleaving does not.
  std::uint64_t seed = 1;
  // Who is held where; see there. What it leaves to the seed is drawn from this one.
  NoisePolicy noise = {};
  // The safeguard that is switched off.
  std::optional<rt::Safeguard> lifted = {};
};

// Takes effect while threads run, for each at one of its next operations. Resets
// what is reported below.
void set_perturbation(const Perturbation& p);
// Back to no policy.
void clear_perturbation();

// From now on, and while there is a policy, each operation is noted before it is performed, and
// before its thread is held. The trace knows the names of words that are made from now on. Null: none
// is noted. The trace must outlive its use, and that of these words.
void trace_operations(NativeTrace* trace);

// Called on a thread whose slot has just got the word that another one's has: two
// threads share an M. Their numbers are those of native_threads.h. Null: nobody cares.
using SharedSlotHandler = void (*)(std::uint32_t other, std::uint32_t self);
void watch_slots(SharedSlotHandler handler);

// Called on the thread on which the scheduler gives up. If it returns, the process ends as it would
// without it. Null: nobody cares.
using GivingUpHandler = void (*)(rt::Fatal kind, const char* message);
void watch_giving_up(GivingUpHandler handler);

// Since the policy was set: has a thread entered the window, has one asked for
// the lifted safeguard, how often was a thread held, and for how long in all?
bool window_entered(rt::Window w);
bool lifted_safeguard_reached();
std::uint64_t holds();
rt::Duration held_time();  // ns; yields are not counted

}  // namespace jitterbug
