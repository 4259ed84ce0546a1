#include "fuzz/plan_mutator.h"

#include <algorithm>
#include <iterator>

#include "harness/base/draw.h"
#include "harness/simulated/swarm.h"

namespace jitterbug::fuzz {
namespace {

// Who decides in a fresh plan. Threads that are held in windows find most per second of
// the strategies; those that make a pilot run for each run find less.
constexpr const char* fresh_strategies[] = {"windows", "windows", "windows", "windows", "random", "pos"};
// What a mutation may put in the place of a strategy.
constexpr const char* strategies[] = {"windows", "random", "pos", "pct", "surw"};

// One mutant of so many keeps something of the plan it is made from: few at first, when
// there is little to go on from, then half of them.
constexpr std::uint64_t early_runs = 2'000;
constexpr std::uint32_t inherited_one_in_early = 8;
constexpr std::uint32_t inherited_one_in = 2;

constexpr std::uint32_t storm_steps_min = 500;
constexpr std::uint32_t storm_steps_max = 6'000;
constexpr std::uint32_t horizon_unknown = 1'000;
constexpr std::uint32_t hold_log2_min = 3;
constexpr std::uint32_t seeds = 1u << 31;

std::size_t index_in(const std::vector<Edit>& edits, rt::Rng& rng) {
  return rng.below(static_cast<std::uint32_t>(edits.size()));
}

void insert_in_order(std::vector<Edit>& edits, const Edit& edit) {
  const auto after =
      std::upper_bound(edits.begin(), edits.end(), edit, [](const Edit& a, const Edit& b) { return a.at < b.at; });
  edits.insert(after, edit);
}

}  // namespace

Plan PlanMutator::fresh(rt::Rng& rng) const {
  Plan plan;
  plan.workload = workloads_[rng.below(static_cast<std::uint32_t>(workloads_.size()))];
  plan.strategy = fresh_strategies[rng.below(std::size(fresh_strategies))];
  plan.seed = rng.next();
  plan.lifted = lifted_;
  return plan;
}

void PlanMutator::mutate(Plan& plan, rt::Rng& rng) const {
  if (!rng.one_in(runs_ < early_runs ? inherited_one_in_early : inherited_one_in)) {
    plan = fresh(rng);
    return;
  }
  plan.lifted = lifted_;
  switch (rng.below(16)) {
    case 0: return replace_end(plan, 0, rng);
    case 1: plan.strategy = strategies[rng.below(std::size(strategies))]; return;
    case 2:
    case 3: return change_parameter(plan, rng);
    case 4: return move(plan, rng);
    case 5: return change(plan, rng);
    case 6: return drop(plan, rng);
    case 7:
    case 8:
    case 9: return insert(plan, rng);
    default: return replace_end(plan, rng.below(horizon(plan)), rng);
  }
}

// What was to happen later was meant for another run.
void PlanMutator::replace_end(Plan& plan, std::uint64_t from, rt::Rng& rng) const {
  std::erase_if(plan.edits, [&](const Edit& later) { return later.at >= from; });
  if (plan.edits.size() < edits_max) plan.edits.push_back({from, EditKind::windows, rng.below(seeds), 0});
}

void PlanMutator::drop(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.empty()) return insert(plan, rng);
  plan.edits.erase(plan.edits.begin() + static_cast<std::ptrdiff_t>(index_in(plan.edits, rng)));
}

void PlanMutator::insert(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.size() < edits_max) insert_in_order(plan.edits, draw_preemption(plan, rng));
}

void PlanMutator::move(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.empty()) return insert(plan, rng);
  const std::size_t index = index_in(plan.edits, rng);
  Edit edit = plan.edits[index];
  plan.edits.erase(plan.edits.begin() + static_cast<std::ptrdiff_t>(index));
  const std::uint64_t distance = log_uniform(rng, 1, 256);
  edit.at = rng.one_in(2) ? edit.at + distance : edit.at - std::min(edit.at, distance);
  insert_in_order(plan.edits, edit);
}

void PlanMutator::change(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.empty()) return insert(plan, rng);
  Edit& edit = plan.edits[index_in(plan.edits, rng)];
  const std::uint64_t at = edit.at;
  if (edit.kind == EditKind::windows)
    edit.value = rng.below(seeds);
  else
    edit = draw_preemption(plan, rng);
  edit.at = at;
}

Edit PlanMutator::draw_preemption(const Plan& plan, rt::Rng& rng) const {
  const std::uint64_t at = rng.below(horizon(plan));
  if (rng.one_in(3)) return {at, EditKind::run, rng.below(8), rng.below(Edit::run_log2_max + 1)};
  return {at, EditKind::hold, 0, hold_log2_min + rng.below(Edit::hold_log2_max + 1 - hold_log2_min)};
}

// Steps of the storm in which an edit may be met.
std::uint32_t PlanMutator::horizon(const Plan& plan) const {
  const auto known = known_.find(plan.workload);
  const std::uint64_t longest = known != known_.end() ? known->second.steps : horizon_unknown;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(std::min(longest, draw_machine(plan).storm_steps), 1));
}

void PlanMutator::change_parameter(Plan& plan, rt::Rng& rng) const {
  const auto known = known_.find(plan.workload);
  const auto count = known != known_.end() ? static_cast<std::uint32_t>(known->second.parameters.size()) : 0;
  const std::uint32_t which = rng.below(count + 1);
  if (which == count) {
    plan.storm_steps = plan.storm_steps == 0 ? log_uniform(rng, storm_steps_min, storm_steps_max) : 0;
    return;
  }
  const auto& [name, range] = *std::next(known->second.parameters.begin(), which);
  if (plan.fixed.erase(name) == 0 || rng.one_in(2)) plan.fixed[name] = rng.between(range.low, range.high);
}

Plan PlanMutator::splice(const Plan& a, const Plan& b, rt::Rng& rng) const {
  Plan plan = a;
  plan.lifted = lifted_;
  const std::uint64_t cut = rng.below(horizon(a));
  std::erase_if(plan.edits, [&](const Edit& edit) { return edit.at >= cut; });
  for (const Edit& edit : b.edits) {
    if (edit.at >= cut && plan.edits.size() < edits_max) plan.edits.push_back(edit);
  }
  return plan;
}

void PlanMutator::learn(const Plan& plan, const Record& record) {
  ++runs_;
  Known& known = known_[plan.workload];
  known.steps = std::max(known.steps, record.decisions);
  for (const auto& [name, value] : record.parameters) {
    const auto [at, is_new] = known.parameters.try_emplace(name, Range{value, value});
    if (is_new) continue;
    at->second = {std::min(at->second.low, value), std::max(at->second.high, value)};
  }
}

}  // namespace jitterbug::fuzz
