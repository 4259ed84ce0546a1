#include "harness/campaign/tally.h"

#include <algorithm>

namespace jitterbug {
namespace {

void add_stressors(Tally& tally, const SharedState& shared, std::span<const Stressor> stressors,
                   const Findings& findings) {
  for (std::size_t s = 0; s < stressors.size(); ++s) {
    const std::uint64_t schedules = shared.runs_of[s].load();
    if (schedules == 0) continue;
    const ClassCount classes = shared.classes_of[s].count();
    tally.stressors.push_back({stressors[s].name, schedules, findings.failures_of(stressors[s].name), classes});
    tally.classes.runs += classes.runs;
    tally.classes.classes += classes.classes;
    tally.classes.singletons += classes.singletons;
  }
}

}  // namespace

Tally tally_of(const SharedState& shared, int jobs, std::span<const Stressor> stressors, const Findings& findings) {
  Tally tally;
  for (int w = 0; w < jobs; ++w) {
    const std::uint64_t next = shared.workers[w].next.load();
    tally.schedules += (next - static_cast<std::uint64_t>(w)) / static_cast<std::uint64_t>(jobs);
  }
  tally.decisions = shared.decisions.load();
  tally.failures = findings.failures();
  tally.findings = findings.size();
  tally.safeguard_reached = shared.safeguard_reached.load();
  add_stressors(tally, shared, stressors, findings);
  tally.entered = shared.entered.windows();
  tally.switched = shared.switched.windows();
  return tally;
}

}  // namespace jitterbug
