#include "harness/campaign/hunt.h"

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/campaign/portfolio.h"
#include "harness/run/backend.h"
#include "harness/scene/workload.h"

namespace jitterbug {

namespace {

// A script leaves nothing to a strategy or to noise; on real threads noise is all there is.
void choose_strategy(Plan& plan, const HuntRequest& request) {
  const Workload* workload = find_workload(plan.workload);
  plan.strategy = request.strategy;
  if (workload != nullptr && workload->script != nullptr) {
    plan.strategy = script_strategy;
  } else if (backend().only_strategy != nullptr) {
    plan.strategy = backend().only_strategy;
    plan.noise = request.noise;
  }
}

}  // namespace

std::uint64_t hunt_schedules_default() { return backend().repeats ? 10'000 : 1'000; }

void check_campaign_plan(const Plan& plan) {
  Plan of_member = plan;
  if (plan.strategy == portfolio_name) of_member.strategy = portfolio_members().front();
  backend().check(of_member);
}

Plan hunt_plan(const HuntRequest& request, std::uint64_t index) {
  Plan plan;
  plan.workload = request.workloads[index % request.workloads.size()];
  plan.flavour = backend().flavour.in_plans;
  choose_strategy(plan, request);
  plan.seed = derive(request.seed, index);
  plan.storm_steps = request.storm_steps;
  plan.calm_steps = request.calm_steps;
  plan.lifted = request.lifted;
  plan.fixed = request.fixed;
  return plan;
}

void check_hunt(const HuntRequest& request) {
  if (request.workloads.empty()) throw UsageError("no stressor to run");
  for (std::size_t i = 0; i < request.workloads.size(); ++i) check_campaign_plan(hunt_plan(request, i));
}

BatchResult hunt(const HuntRequest& request, const ProgressCallback& progress, const FoundCallback& found,
                 const SaveCallback& save) {
  check_hunt(request);
  Batch batch;
  batch.plan_of = [&request](std::uint64_t index) { return hunt_plan(request, index); };
  if (request.schedules)
    batch.schedules = *request.schedules;
  else if (request.seconds == 0)
    batch.schedules = hunt_schedules_default();
  batch.seconds = request.seconds;
  batch.jobs = request.jobs;
  batch.enough = request.enough;
  batch.hang_seconds = request.hang_seconds;
  batch.coverage = request.coverage;
  batch.found = found;
  batch.save = save;
  return run_batch(batch, progress);
}

}  // namespace jitterbug
