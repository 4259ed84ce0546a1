#include "harness/simulated/swarm.h"

#include <iterator>

#include "harness/base/draw.h"
#include "harness/defect/lifted.h"

namespace jitterbug {
namespace {

// A step of 5 ns keeps sysmon and the timers out of most runs, one of 5 us lets
// every time-out of the scheduler expire within a run.
constexpr Duration step_ns_choices[] = {5, 20, 50, 50, 200, 500, 1'000, 5'000};

constexpr std::uint32_t storm_steps_min = 500;
constexpr std::uint32_t storm_steps_max = 6'000;
constexpr std::uint32_t audit_every_max = 64;
constexpr std::uint32_t fault_one_in_min = 8;
constexpr std::uint32_t fault_one_in_max = 512;

void draw_faults(rt::Rng& rng, MachineOptions& options) {
  // A well-behaved kernel in half of the runs; otherwise each kind on its own.
  const bool kind_kernel = rng.one_in(2);
  for (std::uint32_t& one_in : options.fault_one_in) {
    const bool on = rng.one_in(2);
    const std::uint32_t rate = log_uniform(rng, fault_one_in_min, fault_one_in_max);
    one_in = on && !kind_kernel ? rate : 0;
  }
}

}  // namespace

MachineOptions draw_machine(const Plan& plan) {
  rt::Rng rng(seed_of(plan, SeedPart::machine));
  MachineOptions options;
  options.step_ns = step_ns_choices[rng.below(std::size(step_ns_choices))];
  options.audit_every = log_uniform(rng, 1, audit_every_max);
  options.storm_steps = log_uniform(rng, storm_steps_min, storm_steps_max);
  draw_faults(rng, options);
  // Last, so that a plan which fixes a budget is otherwise drawn like one which does not.
  if (plan.storm_steps != 0) options.storm_steps = plan.storm_steps;
  if (plan.calm_steps != 0) options.calm_steps = plan.calm_steps;
  options.lifted = lifted_safeguard(plan.lifted);
  return options;
}

Plan with_fixed_storm(const Plan& plan) {
  Plan fixed = plan;
  fixed.storm_steps = draw_machine(plan).storm_steps;
  return fixed;
}

}  // namespace jitterbug
