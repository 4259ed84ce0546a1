#pragma once
// Swarm: what a plan leaves open about the machine is drawn from its seed, so that
// a campaign visits fast and slow clocks, kind and hostile kernels, short and long
// storms, instead of one average of them all.

#include "harness/run/plan.h"
#include "harness/sim/machine.h"

namespace jitterbug {

// Parts of a plan's seed. One number per consumer; they never change meaning, for
// tokens outlive the program that printed them.
enum class SeedPart : std::uint64_t { machine = 1, strategy = 2, scene = 3, pilot = 4 };

std::uint64_t seed_of(const Plan& plan, SeedPart part);

// A function of the plan alone. `lifted` is set for rows that are safeguards.
MachineOptions draw_machine(const Plan& plan);

// The plan with its storm fixed to what its seed draws: what a schedule belongs to.
Plan with_fixed_storm(const Plan& plan);

}  // namespace jitterbug
