#pragma once
// Swarm: what a plan leaves open about the machine is drawn from its seed, so that
// a campaign visits fast and slow clocks, kind and hostile kernels, short and long
// storms, instead of one average of them all.

#include "harness/run/plan.h"
#include "harness/sim/machine.h"

namespace jitterbug {

// A function of the plan alone. `lifted` is set for rows that are safeguards.
MachineOptions draw_machine(const Plan& plan);

// The plan with its storm fixed to what its seed draws: what a schedule belongs to.
Plan with_fixed_storm(const Plan& plan);

}  // namespace jitterbug
