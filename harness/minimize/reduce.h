#pragma once
// Fewer choices. Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", 2002), complements only, with the choices that a failing
// run never came to left out at once.

#include "harness/minimize/attempts.h"

namespace jitterbug {

// Of choices that fail in the way that is looked for: such that without any one of
// them the run does not, unless `attempts` is exhausted. Preemptions are moved to race
// windows where that makes no difference.
Choices reduce(Attempts& attempts, Choices choices);

// A simpler way to fail: runs of few preemptions are tried until some fail in the way
// that is looked for, and are reduced. Of these the one whose pair tells most, see
// pair.h; of such the simplest. Empty: none failed.
std::optional<Choices> find_simpler(Attempts& attempts, const Choices& choices);

}  // namespace jitterbug
