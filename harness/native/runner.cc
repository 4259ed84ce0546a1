#include "harness/native/runner.h"

#include "harness/base/errors.h"
#include "harness/defect/lifted.h"
#include "harness/native/native_scene.h"
#include "harness/native/native_script.h"
#include "harness/native/perturb.h"
#include "harness/scene/workload.h"

extern "C" {
// Of AddressSanitizer, where there is one: ends the process with a report if there are leaks.
[[gnu::weak]] void __lsan_do_leak_check();
}

namespace jitterbug {
namespace {

// Whether a script holds the run's threads, as long as this lives.
class Following {
 public:
  explicit Following(const Workload& workload) {
    if (workload.script == nullptr) return;
    script_.emplace(Script::parse(workload.script, workload.name));
    stage_.emplace(*script_);
    follow_script(&*stage_);
  }
  ~Following() { follow_script(nullptr); }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;

  bool failed() const { return stage_ && !stage_->complete(); }
  std::string complaint() const { return stage_->complaint(); }

 private:
  std::optional<Script> script_;
  std::optional<Stage> stage_;
};

Perturbation perturbation_of(const Plan& plan) {
  Perturbation p;
  p.seed = seed_of(plan, SeedPart::strategy);
  p.noise = NoisePolicy::parse(plan.noise);
  p.lifted = lifted_safeguard(plan.lifted);
  return p;
}

}  // namespace

void check_native_plan(const Plan& plan) {
  if (plan.flavour != native_flavour.in_plans) throw ImpossibleError("this binary runs no " + plan.flavour + " plans");
  const bool scripted = workload_named(plan.workload).script != nullptr;
  const std::string_view strategy = scripted ? script_strategy : native_strategy;
  if (plan.strategy != strategy) {
    throw UsageError("strategy '" + plan.strategy + "': on real threads workload '" + plan.workload + "' runs under '" +
                     std::string(strategy) + "'");
  }
  static_cast<void>(NoisePolicy::parse(plan.noise));
  check_lifted(plan.lifted);
}

Record NativeRunner::run(const Plan& plan, std::size_t trace_steps) {
  const Workload& workload = *find_workload(plan.workload);
  const Perturbation perturbation = perturbation_of(plan);
  const bool traced = trace_steps > 0 || workload.script != nullptr || !perturbation.noise.silent();
  trace_operations(traced ? &shared_.trace : nullptr);
  set_perturbation(perturbation);
  Record record;
  {
    Following following(workload);
    {
      NativeScene scene(seed_of(plan, SeedPart::scene), plan.fixed, parent_, shared_.ledger, workload.judges);
      workload.make()->run(scene);
      record.parameters = scene.drawn();
    }
    if (following.failed()) record.failure = Failure(OracleId::harness, script_is_followed, following.complaint());
  }
  clear_perturbation();
  if (&__lsan_do_leak_check != nullptr) __lsan_do_leak_check();
  record.strategy = plan.strategy;
  record.decisions = holds();
  record.safeguard_reached = lifted_safeguard_reached();
  return record;
}

WindowSet NativeRunner::windows_entered() const {
  WindowSet windows;
  for (std::size_t w = 0; w < window_count; ++w) {
    if (window_entered(static_cast<rt::Window>(w))) windows.add(static_cast<rt::Window>(w));
  }
  return windows;
}

}  // namespace jitterbug
