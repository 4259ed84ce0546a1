#include "harness/minimize/minimize.h"

#include <algorithm>

#include "harness/campaign/isolate.h"
#include "harness/campaign/runner.h"
#include "harness/campaign/swarm.h"
#include "harness/campaign/token.h"
#include "harness/minimize/attempts.h"
#include "harness/minimize/pair.h"
#include "harness/minimize/reduce.h"
#include "harness/minimize/result.h"

namespace jitterbug {
namespace {

// What happens in the calm is decided by its own order of turns. A storm that outlasts
// the program leaves everything to the choices.
constexpr std::uint64_t long_storm_steps = 8'000;

Choices find_minimal(Attempts& attempts, Choices choices) {
  const std::uint64_t own_storm = attempts.plan().storm_steps;
  attempts.set_storm(std::max(own_storm, long_storm_steps));
  if (auto simpler = find_simpler(attempts, choices)) return std::move(*simpler);
  attempts.set_storm(own_storm);
  if (auto simpler = find_simpler(attempts, choices)) return std::move(*simpler);
  return reduce(attempts, std::move(choices));
}

std::vector<OtherFailure> other_failures(Attempts& attempts, const Choices& choices) {
  std::vector<OtherFailure> others;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    Choices rest = choices;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    const Attempt attempt = attempts.run(rest);
    if (attempt.outcome == Attempt::Outcome::other) others.push_back({i, attempt.how});
  }
  return others;
}

Minimized minimize_here(Attempts& attempts, const std::optional<Schedule>& given) {
  Minimized out;
  Choices choices = attempts.begin(given);
  out.recorded = choices.size();
  choices = find_minimal(attempts, std::move(choices));
  out.minimal = !attempts.exhausted();
  out.others = other_failures(attempts, choices);
  out.pair = find_pair(attempts, choices).pair;
  out.record = attempts.record(choices);
  out.runs = attempts.runs();
  out.crashes = attempts.crashes();
  out.schedule = {to_token(attempts.plan()), out.record.oracle, out.record.sentence, std::move(choices)};
  return out;
}

}  // namespace

Minimized minimize(const MinimizeRequest& request, std::span<const Stressor> stressors) {
  check_plan(request.plan, stressors);
  const Plan plan = with_fixed_storm(request.plan);
  return read_minimized(run_isolated([&](Journal& journal) {
    Attempts attempts(plan, stressors, journal);
    return write_minimized(minimize_here(attempts, request.schedule));
  }));
}

}  // namespace jitterbug
