#pragma once
// An interleaving on paper: one lane for each thread, time runs downwards, the state
// words of the scheduler stand at the left. Only what matters is shown: choices, the
// steps of the deciding pair, windows, parks and wakes, and of those only the ones
// near a choice or near the end when there are many.

#include <optional>
#include <string>

#include "harness/minimize/minimize.h"
#include "harness/minimize/observe.h"

namespace jitterbug {

inline constexpr std::size_t interleaving_columns = 118;

// At most interleaving_columns wide. In a lane, `|` is a thread that waits or could
// run, `:` one that a choice holds.
std::string interleaving_text(const Observed& observed, const Schedule& schedule,
                              const std::optional<AdjacentPair>& pair);

}  // namespace jitterbug
