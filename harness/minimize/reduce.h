#pragma once
// Leaves choices out of a schedule as long as it fails in the same way. This is delta
// debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
// 2002) by complements only; besides, a choice whose point a failing run never came to is
// left out without a test.

#include "harness/minimize/attempts.h"

namespace jitterbug {

// The run with `choices` fails in the way that is looked for. Returns choices with which it
// fails so, too, and without any one of which it does not, unless `attempts` is exhausted.
// A preemption between two windows is moved to one of them where the run still fails.
Choices reduce(Attempts& attempts, Choices choices);

// Runs the same program under random schedules of few preemptions until some fail in the way
// that is looked for, and reduces these. Returns the one whose pair has the highest rank (see
// pair.h), and among equal ranks the one of fewest choices. Empty: none failed.
std::optional<Choices> find_simpler(Attempts& attempts, const Choices& choices);

}  // namespace jitterbug
