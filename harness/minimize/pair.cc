#include "harness/minimize/pair.h"

#include <algorithm>
#include <string_view>

namespace jitterbug {
namespace {

// A preemption that has to last for longer is decided by no single step.
constexpr std::uint64_t hold_steps_max = 100'000;

// A thread that has to be held for longer is, in effect, held until the others have nothing
// left to do.
constexpr std::uint64_t short_hold_steps = 1'000;

// Both windows cite an issue or a commit.
bool cite_the_same(rt::Window a, rt::Window b) {
  if (a == rt::Window::count || b == rt::Window::count) return false;
  std::string_view rest = rt::window_info(a).reference;
  const std::string_view other = rt::window_info(b).reference;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    const std::string_view source = rest.substr(0, end);
    if (source != "-" && other.find(source) != std::string_view::npos) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

int rank_of(const AdjacentPair& pair) {
  int rank = pair.steps > short_hold_steps ? 0 : held_shortly_rank;
  if (pair.held.at_window()) rank += is_known_race(pair.held.window) ? known_race_rank : window_rank;
  return rank;
}

bool is_of_one_issue(const AdjacentPair& pair) {
  const rt::Window held = pair.held.window;
  return pair.held.at_window() && (cite_the_same(held, pair.first.window) ||
                                   (pair.towards && cite_the_same(held, pair.towards->window)));
}

// The thread of the choice is let go on ever earlier, by bisection, until the run passes: the
// step of another thread that it then no longer waits for is the first of the pair.
RankedPair pair_of(Attempts& attempts, const Choices& choices, std::size_t choice) {
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
  const AdjacentPair pair{choice, *attempt.first, attempt.towards, std::get<Switch>(choices[choice]).at, fails};
  return {pair, rank_of(pair)};
}

}  // namespace

// Of pairs of equal rank that of the later choice: it is nearer to the failure.
RankedPair find_pair(Attempts& attempts, const Choices& choices) {
  RankedPair best;
  for (std::size_t i = choices.size(); i-- > 0;) {
    const auto* s = std::get_if<Switch>(&choices[i]);
    if (s == nullptr || !s->preempts) continue;
    const RankedPair found = pair_of(attempts, choices, i);
    if (found.pair && (!best.pair || found.rank > best.rank)) best = found;
  }
  if (best.pair && is_of_one_issue(*best.pair)) best.rank += same_issue_rank;
  return best;
}

}  // namespace jitterbug
