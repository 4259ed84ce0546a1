#include "harness/simulated/runner.h"

#include "harness/base/errors.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"
#include "harness/run/trace_text.h"
#include "harness/simulated/swarm.h"
#include "harness/strategy/edited.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/random.h"
#include "harness/strategy/registry.h"

namespace jitterbug {
namespace {

void check_lifted(const std::string& lifted) {
  const std::string_view linked = linked_patch();
  const Defect* row = find_defect(lifted);
  if (!lifted.empty() && row == nullptr)
    throw UsageError("unknown safeguard '" + lifted + "': see jitterbug list safeguards");
  if (row != nullptr && !armable(*row)) {
    throw UsageError(std::string("safeguard ") + row->id + " cannot be lifted: " + row->reason);
  }
  const std::string_view wanted = row != nullptr && row->kind == DefectKind::patch ? row->id : "";
  if (!patch_misfit().empty()) throw ImpossibleError(std::string(patch_misfit()));
  if (wanted == linked) return;
  throw ImpossibleError(linked.empty()
                            ? "safeguard " + std::string(wanted) + " is a patch, and this binary is not patched"
                            : "this binary is patched for " + std::string(linked) + " and lifts nothing else");
}

Record make_record(const RunResult& result) {
  Record record;
  record.failure = result.failure;
  record.digest = result.digest;
  record.decisions = result.decisions;
  record.switches = result.switches;
  record.safeguard_reached = result.safeguard_reached;
  for (const auto& [thread, window] : result.last_windows) record.last_windows.push_back({thread, window});
  for (const TraceStep& step : result.trace) record.trace.push_back(trace_line(step));
  return record;
}

}  // namespace

void check_plan(const Plan& plan) {
  if (find_workload(plan.workload) == nullptr) {
    throw UsageError("unknown workload '" + plan.workload + "': see jitterbug list workloads");
  }
  if (find_strategy(plan.strategy) == nullptr) {
    throw UsageError("unknown strategy '" + plan.strategy + "': see jitterbug list strategies");
  }
  if (plan.flavour != Plan{}.flavour) throw ImpossibleError("this binary runs no " + plan.flavour + " plans");
  check_lifted(plan.lifted);
}

template <class Run>
Record Runner::decide(const Plan& plan, Run run) {
  const auto strategy = find_strategy(plan.strategy)->make();
  if (strategy->wants_pilot()) {
    RandomStrategy random;
    PilotRun pilot(random);
    Record record = run(pilot, SeedPart::pilot);
    if (record.failed()) return record;  // a schedule like any other
    strategy->learn(pilot.seen());
  }
  if (plan.edits.empty()) return run(*strategy, SeedPart::strategy);
  EditedStrategy edited(*strategy, plan.edits);
  return run(edited, SeedPart::strategy);
}

Record Runner::run(const Plan& plan, std::size_t trace_steps) {
  return decide(plan, [&](Strategy& strategy, SeedPart part) {
    strategy.begin(seed_of(plan, part));
    return run_under(strategy, plan, trace_steps);
  });
}

Record Runner::run_recorded(const Plan& plan, std::vector<Choice>& choices, const Recorder::Told& told) {
  return decide(plan, [&](Strategy& strategy, SeedPart part) {
    Recorder recorder(strategy, told);
    recorder.begin(seed_of(plan, part));
    Record record = run_under(recorder, plan, 0);
    choices = recorder.choices();
    return record;
  });
}

Record Runner::run_under(Strategy& strategy, const Plan& plan, std::size_t trace_steps, AuditWatch* watch) {
  const Workload& workload = *find_workload(plan.workload);
  MachineOptions options = draw_machine(plan);
  options.trace_capacity = trace_steps;
  if (watch != nullptr) options.audit_every = 1;
  SimScene scene(machine_, workload.judges, seed_of(plan, SeedPart::scene), plan.fixed);
  scene.watch_audits(watch);
  Strategy& seen = log_ != nullptr ? log_->around(strategy) : strategy;
  std::unique_ptr<Body> body;
  result_ = machine_.run(options, seen, scene, [&] {
    body = workload.make();
    body->run(scene);
  });
  if (log_ != nullptr) log_->close();
  Record record = make_record(result_);
  record.strategy = plan.strategy;
  record.parameters = scene.drawn();
  return record;
}

}  // namespace jitterbug
