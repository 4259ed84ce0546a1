#include "harness/minimize/minimize.h"

#include <algorithm>
#include <set>

#include "harness/campaign/isolate.h"
#include "harness/minimize/attempts.h"
#include "harness/minimize/messages.h"
#include "harness/minimize/pair.h"
#include "harness/minimize/reduce.h"
#include "harness/run/token.h"
#include "harness/simulated/runner.h"
#include "harness/simulated/swarm.h"

namespace jitterbug {
namespace {

// In the calm the machine takes turns and choices have no effect. A storm of this length
// outlasts most programs, so that choices decide to the end.
constexpr std::uint64_t long_storm_steps = 8'000;

Choices find_minimal(Attempts& attempts, Choices choices) {
  const std::uint64_t own_storm = attempts.plan().storm_steps;
  attempts.set_storm(std::max(own_storm, long_storm_steps));
  if (auto simpler = find_simpler(attempts, choices)) return std::move(*simpler);
  attempts.set_storm(own_storm);
  if (auto simpler = find_simpler(attempts, choices)) return std::move(*simpler);
  return reduce(attempts, std::move(choices));
}

Choices without(std::size_t i, Choices choices) {
  choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(i));
  return choices;
}

// A choice without which the run fails as well, in another way.
struct Hidden {
  OtherFailure failure;
  std::string key;  // empty: it takes the process down
};

std::vector<Hidden> hidden_failures(Attempts& attempts, const Choices& choices) {
  std::vector<Hidden> hidden;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Attempt attempt = attempts.run(without(i, choices));
    if (attempt.outcome == Attempt::Outcome::other) hidden.push_back({{i, attempt.how}, attempt.key});
  }
  return hidden;
}

// As find_minimal(). If leaving out one choice of the result leads to another failure, the
// search starts again for that one; each failure is searched for once.
Choices find_barest(Attempts& attempts, Choices choices, std::vector<Hidden>& hidden) {
  std::set<std::string> looked_for = {attempts.key()};
  for (;;) {
    choices = find_minimal(attempts, std::move(choices));
    hidden = hidden_failures(attempts, choices);
    const auto next = std::find_if(hidden.begin(), hidden.end(),
                                   [&](const Hidden& h) { return !h.key.empty() && !looked_for.contains(h.key); });
    if (next == hidden.end() || attempts.exhausted()) return choices;
    looked_for.insert(next->key);
    attempts.look_for(next->key);
    choices = without(next->failure.choice, std::move(choices));
  }
}

Minimized minimize_here(Attempts& attempts, const std::optional<Schedule>& given) {
  Minimized out;
  Choices choices = attempts.begin(given);
  out.recorded = choices.size();
  const std::string asked_for = attempts.key();
  std::vector<Hidden> hidden;
  choices = find_barest(attempts, std::move(choices), hidden);
  out.minimal = !attempts.exhausted();
  out.another_way = attempts.key() != asked_for;
  for (const Hidden& h : hidden) out.others.push_back(h.failure);
  out.pair = find_pair(attempts, choices).pair;
  out.record = attempts.record(choices);
  out.runs = attempts.runs();
  out.crashes = attempts.crashes();
  out.schedule = {to_token(attempts.plan()), out.record.failure, std::move(choices)};
  return out;
}

}  // namespace

Minimized minimize(const MinimizeRequest& request) {
  check_plan(request.plan);
  const Plan plan = with_fixed_storm(request.plan);
  return read_minimized(run_isolated([&](Journal& journal) {
    Attempts attempts(plan, journal);
    return write_minimized(minimize_here(attempts, request.schedule));
  }));
}

}  // namespace jitterbug
