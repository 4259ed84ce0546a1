#pragma once
// The one order of two steps that decides a minimised run: this before that.

#include <optional>

#include "harness/minimize/attempts.h"
#include "harness/minimize/minimize.h"

namespace jitterbug {

// Empty: nobody is preempted, or no preemption is decided by one step.
std::optional<AdjacentPair> find_pair(Attempts& attempts, const Choices& choices);

}  // namespace jitterbug
