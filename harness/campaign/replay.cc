#include "harness/campaign/replay.h"

#include "harness/campaign/errors.h"
#include "harness/campaign/runner.h"

namespace jitterbug {
namespace {

bool same(const Record& a, const Record& b) {
  return a.failed == b.failed && a.crashed == b.crashed && a.oracle == b.oracle && a.sentence == b.sentence &&
         a.digest == b.digest && a.decisions == b.decisions;
}

}  // namespace

Replay replay(const ReplayRequest& request, std::span<const Stressor> stressors, const ProgressCallback& progress) {
  check_plan(request.plan, stressors);
  Batch batch;
  batch.schedules = request.times;
  batch.plan_of = [&request](std::uint64_t) { return request.plan; };
  batch.report_every_run = true;
  batch.trace_first = request.trace_steps;
  const BatchResult result = run_batch(batch, stressors, progress);
  if (result.runs.empty()) throw ToolError("interrupted before the first run ended");
  Replay out;
  out.record = result.runs.front();
  out.times = result.runs.size();
  out.interrupted = result.interrupted;
  for (const Record& run : result.runs) out.identical = out.identical && same(run, out.record);
  return out;
}

}  // namespace jitterbug
