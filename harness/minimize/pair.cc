#include "harness/minimize/pair.h"

namespace jitterbug {
namespace {

// Steps that a preemption may have to last.
constexpr std::uint64_t hold_steps_max = 100'000;

struct Found {
  std::optional<AdjacentPair> pair;
  bool until_calm = false;  // the preemption has to last until the storm is over
};

Found pair_of(Attempts& attempts, const Choices& choices, std::size_t choice) {
  const auto fails_after = [&](std::uint64_t n) { return attempts.run(choices, Hold{choice, n}).same(); };
  if (fails_after(0)) return {};
  std::uint64_t passes = 0, fails = 1;
  for (; !fails_after(fails); fails *= 2) {
    if (fails > hold_steps_max) return {};
    passes = fails;
  }
  while (fails - passes > 1) {
    const std::uint64_t middle = passes + (fails - passes) / 2;
    (fails_after(middle) ? fails : passes) = middle;
  }
  const Attempt attempt = attempts.run(choices, Hold{choice, fails});
  const bool swapped_passes = attempts.run(choices, Hold{choice, fails - 1}).outcome == Attempt::Outcome::passes;
  if (!attempt.first || !swapped_passes) return {};
  return {AdjacentPair{choice, *attempt.first, attempt.towards, std::get<Switch>(choices[choice]).at, fails},
          attempt.held_since + fails >= attempts.plan().storm_steps};
}

}  // namespace

// The last preemption at a window, or the last one. One that has to last until the
// storm is over decides little: the others come first.
std::optional<AdjacentPair> find_pair(Attempts& attempts, const Choices& choices) {
  std::optional<AdjacentPair> second_best;
  for (const bool at_window : {true, false}) {
    for (std::size_t i = choices.size(); i-- > 0;) {
      const auto* s = std::get_if<Switch>(&choices[i]);
      if (s == nullptr || !s->preempts || s->at.at_window() != at_window) continue;
      const auto [pair, until_calm] = pair_of(attempts, choices, i);
      if (pair && !until_calm) return pair;
      if (pair && !second_best) second_best = pair;
    }
  }
  return second_best;
}

}  // namespace jitterbug
