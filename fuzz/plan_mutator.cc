#include "fuzz/plan_mutator.h"

#include <algorithm>
#include <iterator>

#include "harness/campaign/draw.h"
#include "harness/campaign/swarm.h"

namespace jitterbug::fuzz {
namespace {

// Who decides in a fresh plan; those that need no pilot run make twice as many runs.
constexpr const char* strategies[] = {"random", "random", "random", "windows", "pos", "surw"};

constexpr std::uint32_t fresh_one_in = 2;
constexpr std::uint32_t storm_steps_min = 500;
constexpr std::uint32_t storm_steps_max = 6'000;
constexpr std::uint32_t horizon_unknown = 1'000;
constexpr std::uint32_t walk_seeds = 1u << 31;

std::size_t index_in(const std::vector<Edit>& edits, rt::Rng& rng) {
  return rng.below(static_cast<std::uint32_t>(edits.size()));
}

void insert_in_order(std::vector<Edit>& edits, const Edit& edit) {
  const auto after = std::upper_bound(edits.begin(), edits.end(), edit,
                                      [](const Edit& a, const Edit& b) { return a.at < b.at; });
  edits.insert(after, edit);
}

}  // namespace

Plan PlanMutator::fresh(rt::Rng& rng) const {
  Plan plan;
  plan.stressor = stressors_[rng.below(static_cast<std::uint32_t>(stressors_.size()))];
  plan.strategy = strategies[rng.below(std::size(strategies))];
  plan.seed = rng.next();
  plan.lifted = lifted_;
  return plan;
}

void PlanMutator::mutate(Plan& plan, rt::Rng& rng) const {
  if (rng.one_in(fresh_one_in)) {
    plan = fresh(rng);
    return;
  }
  plan.lifted = lifted_;
  switch (rng.below(8)) {
    case 0: plan.seed = rng.next(); return;
    case 1: plan.strategy = strategies[rng.below(std::size(strategies))]; return;
    case 2: return change_parameter(plan, rng);
    case 3: return move(plan, rng);
    case 4: return change(plan, rng);
    case 5:
      if (!plan.edits.empty()) {
        plan.edits.erase(plan.edits.begin() + static_cast<std::ptrdiff_t>(index_in(plan.edits, rng)));
        return;
      }
      return add(plan, rng);
    default: return add(plan, rng);
  }
}

void PlanMutator::add(Plan& plan, rt::Rng& rng) const {
  const Edit edit = draw_edit(plan, rng);
  // After a walk that begins here, what follows was meant for another run.
  if (edit.kind == EditKind::walk) {
    std::erase_if(plan.edits, [&](const Edit& later) { return later.at >= edit.at; });
  }
  if (plan.edits.size() < edits_max) insert_in_order(plan.edits, edit);
}

void PlanMutator::move(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.empty()) return add(plan, rng);
  const std::size_t index = index_in(plan.edits, rng);
  Edit edit = plan.edits[index];
  plan.edits.erase(plan.edits.begin() + static_cast<std::ptrdiff_t>(index));
  const std::uint64_t distance = log_uniform(rng, 1, 256);
  edit.at = rng.one_in(2) ? edit.at + distance : edit.at - std::min(edit.at, distance);
  insert_in_order(plan.edits, edit);
}

void PlanMutator::change(Plan& plan, rt::Rng& rng) const {
  if (plan.edits.empty()) return add(plan, rng);
  Edit& edit = plan.edits[index_in(plan.edits, rng)];
  const std::uint64_t at = edit.at;
  edit = draw_edit(plan, rng);
  edit.at = at;
}

Edit PlanMutator::draw_edit(const Plan& plan, rt::Rng& rng) const {
  Edit edit;
  edit.at = rng.below(horizon(plan));
  switch (rng.below(4)) {
    case 0:
      edit.kind = EditKind::run;
      edit.value = rng.below(8);
      edit.length_log2 = rng.below(Edit::run_log2_max + 1);
      break;
    case 1:
      edit.kind = EditKind::walk;
      edit.value = rng.below(walk_seeds);
      break;
    default:
      edit.kind = EditKind::hold;
      edit.length_log2 = 3 + rng.below(Edit::hold_log2_max - 3);
  }
  return edit;
}

// Steps of the storm in which an edit may be met.
std::uint32_t PlanMutator::horizon(const Plan& plan) const {
  const auto known = known_.find(plan.stressor);
  const std::uint64_t longest = known != known_.end() ? known->second.steps : horizon_unknown;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(std::min(longest, draw_machine(plan).storm_steps), 1));
}

void PlanMutator::change_parameter(Plan& plan, rt::Rng& rng) const {
  const auto known = known_.find(plan.stressor);
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
  Known& known = known_[plan.stressor];
  known.steps = std::max(known.steps, record.decisions);
  for (const auto& [name, value] : record.parameters) {
    const auto [at, is_new] = known.parameters.try_emplace(name, Range{value, value});
    if (is_new) continue;
    at->second = {std::min(at->second.low, value), std::max(at->second.high, value)};
  }
}

}  // namespace jitterbug::fuzz
