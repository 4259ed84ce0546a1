#pragma once
// Runs plans, one after the other, in the calling process. A crash of the scheduler
// under test takes the process with it; pool.h runs plans in processes of their own.

#include <cstddef>

#include "harness/coverage/window_log.h"
#include "harness/run/backend.h"
#include "harness/scene/workload.h"
#include "harness/schedule/recorder.h"
#include "harness/sim/machine.h"
#include "harness/simulated/sim_scene.h"

namespace jitterbug {

// Throws UsageError when a plan names what does not exist here or cannot be run,
// ImpossibleError when it needs another variant of the tool.
void check_plan(const Plan& plan);

// Not thread-safe; one at a time per process, for there is one machine.
class Runner final : public PlanRunner {
 public:
  // The plan has passed check_plan(). trace_steps: how many of the last steps the
  // record shows. The windows the run passed are in windows() until the next run.
  Record run(const Plan& plan, std::size_t trace_steps = 0) override;

  // As above; also gives what the run decided differently from the default order.
  // `told` learns it while the run goes on; that of a pilot run comes first.
  Record run_recorded(const Plan& plan, std::vector<Choice>& choices, const Recorder::Told& told = {});

  // Runs the plan's program under a strategy that has begun. trace_steps: see
  // above; watch: sees an audit at each step; null: audits are as the plan draws them.
  Record run_under(Strategy& strategy, const Plan& plan, std::size_t trace_steps, AuditWatch* watch = nullptr);

  // The last steps of the last run, if they were asked for.
  const std::vector<TraceStep>& trace() const { return result_.trace; }

  // From now on each run is written down in the log, which is the last run's until
  // the next one and must outlive this. Runs are the same, and slower.
  void watch(WindowLog& log) override { log_ = &log; }

  WindowSet windows_entered() const override { return result_.windows_entered; }
  WindowSet windows_switched() const override { return result_.windows_switched; }

 private:
  // Has the plan's strategy decide a run, after a pilot run if it wants one.
  template <class Run>
  Record decide(const Plan& plan, Run run);
  Record follow_script(const Plan& plan, const Workload& workload, std::size_t trace_steps);

  Machine machine_;
  RunResult result_;
  WindowLog* log_ = nullptr;
  ScriptStrategy* script_ = nullptr;  // of the run under way
};

}  // namespace jitterbug
