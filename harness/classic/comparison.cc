#include "harness/classic/comparison.h"

#include <algorithm>

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/campaign/portfolio.h"
#include "harness/classic/trial_pool.h"
#include "harness/defect/catalog.h"
#include "harness/strategy/registry.h"

namespace jitterbug::classic {
namespace {

template <class Infos, class Known>
std::vector<std::string> names_of(std::string_view list, const Infos& infos, Known known, const std::string& option,
                                  const std::string& what) {
  std::vector<std::string> names;
  if (list == "all") {
    for (const auto& info : infos) names.emplace_back(info.name);
    return names;
  }
  for (const std::string& name : split_list(list)) {
    if (!known(name)) {
      std::string all;
      for (const auto& info : infos) all += (all.empty() ? "" : ", ") + std::string(info.name);
      throw UsageError(option + " '" + name + "': unknown " + what + "; all, or of " + all);
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty()) throw UsageError(option + " '" + std::string(list) + "': names no " + what);
  return names;
}

}  // namespace

std::uint64_t Entry::found() const {
  return static_cast<std::uint64_t>(
      std::count_if(trials.begin(), trials.end(), [](const TrialResult& trial) { return trial.found(); }));
}

double Entry::mean() const {
  double sum = 0;
  for (const TrialResult& trial : trials) sum += static_cast<double>(trial.first_bug);
  return found() == 0 ? 0 : sum / static_cast<double>(found());
}

std::vector<std::string> programs_named(std::string_view list) {
  const auto known = [](const std::string& name) { return find_program(name) != nullptr; };
  return names_of(list, programs(), known, "--programs", "program");
}

std::vector<std::string> strategies_named(std::string_view list) {
  std::vector<StrategyInfo> all(strategies().begin(), strategies().end());
  all.push_back({portfolio_name.data(), "", nullptr});
  return names_of(list, all, known_to_campaigns, "--strategies", "strategy");
}

Comparison compare(const ComparisonRequest& request, const std::function<void(const PoolProgress&)>& progress) {
  std::vector<TrialPlan> plans;
  Comparison result;
  for (const std::string& program : request.programs) {
    for (const std::string& strategy : request.strategies) {
      for (std::uint64_t trial = 0; trial < request.trials; ++trial) {
        plans.push_back({find_program(program), strategy, derive(request.seed, trial), request.schedules});
      }
      result.entries.push_back({program, strategy, {}});
    }
  }
  PooledTrials pooled = run_trials(plans, request.jobs, progress);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (pooled.results[i]) result.entries[i / request.trials].trials.push_back(*pooled.results[i]);
  }
  result.seconds = pooled.seconds;
  result.interrupted = pooled.interrupted;
  return result;
}

}  // namespace jitterbug::classic
