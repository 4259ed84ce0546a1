#pragma once
// The engine of the instrumented flavour: real threads, held up here and there so
// that they meet in places where they rarely meet by themselves.
//
// Everything here is process-wide, because the engine is; all functions may be
// called from any thread at any time. Without a policy an operation costs one
// predictable branch, and every safeguard is upheld.

#include <cstdint>
#include <optional>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

struct Perturbation {
  // Each thread draws from a stream of its own, made of this and of its number in
  // the order of first appearance. Real threads stay what they are: the draws of
  // a thread repeat, the interleaving does not.
  std::uint64_t seed = 1;
  // Chances, as one in so many; 0: never.
  std::uint32_t window_one_in = 2;      // a race window holds the thread
  std::uint32_t operation_one_in = 50;  // any other operation does
  // What holding means: one hold in `sleep_one_in` sleeps up to `sleep_max`, the
  // others yield or spin.
  std::uint32_t sleep_one_in = 4;
  rt::Duration sleep_max = 50 * rt::microsecond;
  // This window, if set, holds every thread that enters it for `aim_hold`.
  std::optional<rt::Window> aim = {};
  rt::Duration aim_hold = 50 * rt::microsecond;
  // The safeguard that is switched off.
  std::optional<rt::Safeguard> lifted = {};
};

// Takes effect while threads run, for each at one of its next operations. Resets
// what is reported below.
void set_perturbation(const Perturbation& p);
// Back to no policy.
void clear_perturbation();

// Called on a thread whose slot has just got the word that another one's has: two
// threads share an M. Their numbers are those of native_threads.h. Null: nobody cares.
using SharedSlotHandler = void (*)(std::uint32_t other, std::uint32_t self);
void watch_slots(SharedSlotHandler handler);

// Since the policy was set: has a thread entered the window, has one asked for
// the lifted safeguard, how often was a thread held?
bool window_entered(rt::Window w);
bool lifted_safeguard_reached();
std::uint64_t holds();

}  // namespace jitterbug
