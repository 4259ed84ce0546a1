#include "harness/campaign/tally.h"

#include "harness/scene/workload.h"

#include <algorithm>

namespace jitterbug {
namespace {

void add_workloads(Tally& tally, const SharedState& shared, const Findings& findings) {
  for (std::size_t w = 0; w < workloads().size(); ++w) {
    const std::uint64_t schedules = shared.runs_of[w].load();
    if (schedules == 0) continue;
    const ClassCount classes = shared.classes_of[w].count();
    const char* name = workloads()[w].name;
    tally.workloads.push_back({name, schedules, findings.failures_of(name), classes});
    tally.classes.runs += classes.runs;
    tally.classes.classes += classes.classes;
    tally.classes.singletons += classes.singletons;
  }
}

}  // namespace

Tally tally_of(const SharedState& shared, int jobs, const Findings& findings) {
  Tally tally;
  for (int w = 0; w < jobs; ++w) {
    const std::uint64_t next = shared.workers[w].next.load();
    tally.schedules += (next - static_cast<std::uint64_t>(w)) / static_cast<std::uint64_t>(jobs);
  }
  tally.decisions = shared.decisions.load();
  tally.failures = findings.failures();
  tally.findings = findings.size();
  tally.safeguard_reached = shared.safeguard_reached.load();
  add_workloads(tally, shared, findings);
  tally.entered = shared.entered.windows();
  tally.switched = shared.switched.windows();
  return tally;
}

}  // namespace jitterbug
