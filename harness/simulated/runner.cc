#include "harness/simulated/runner.h"

#include "harness/base/errors.h"
#include "harness/defect/lifted.h"
#include "harness/run/trace_text.h"
#include "harness/script/script_strategy.h"
#include "harness/simulated/swarm.h"
#include "harness/strategy/edited.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/random.h"
#include "harness/strategy/registry.h"

namespace jitterbug {
namespace {

// Of a script: who is held is decided there, and nothing else is to disturb it.
constexpr std::uint64_t scripted_storm_steps = 1'000'000;

MachineOptions machine_for(const Plan& plan, const Workload& workload) {
  if (workload.script == nullptr) return draw_machine(plan);
  MachineOptions options;
  options.storm_steps = scripted_storm_steps;
  options.lifted = lifted_safeguard(plan.lifted);
  return options;
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
  if (plan.flavour != Plan{}.flavour) throw ImpossibleError("this binary runs no " + plan.flavour + " plans");
  const bool scripted = plan.strategy == script_strategy;
  if (scripted != (workload_named(plan.workload).script != nullptr)) {
    throw UsageError("strategy '" + plan.strategy + "': workload '" + plan.workload + "' " +
                     (scripted ? "has no script" : "follows its script"));
  }
  if (!scripted && find_strategy(plan.strategy) == nullptr) {
    throw UsageError("unknown strategy '" + plan.strategy + "': see jitterbug list strategies");
  }
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

// What the script leaves open is random.
Record Runner::follow_script(const Plan& plan, const Workload& workload, std::size_t trace_steps) {
  const Script script = Script::parse(workload.script, workload.name);
  Stage stage(script);
  RandomStrategy random;
  ScriptStrategy strategy(stage, random);
  strategy.begin(seed_of(plan, SeedPart::strategy));
  script_ = &strategy;
  Record record = run_under(strategy, plan, trace_steps);
  script_ = nullptr;
  if (!record.failed() && !stage.complete()) {
    record.failure = Failure(OracleId::harness, script_is_followed, stage.complaint());
  }
  return record;
}

Record Runner::run(const Plan& plan, std::size_t trace_steps) {
  const Workload& workload = *find_workload(plan.workload);
  if (workload.script != nullptr) return follow_script(plan, workload, trace_steps);
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
  MachineOptions options = machine_for(plan, workload);
  options.trace_capacity = trace_steps;
  if (watch != nullptr) options.audit_every = 1;
  SimScene scene(machine_, workload.judges, seed_of(plan, SeedPart::scene), plan.fixed);
  scene.watch_audits(watch);
  scene.follow(script_);
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
