#include "harness/campaign/replay.h"

#include <algorithm>

#include "harness/base/errors.h"
#include "harness/run/backend.h"

namespace jitterbug {

bool same_run(const Record& a, const Record& b) {
  return a.failure == b.failure && a.crashed == b.crashed && a.digest == b.digest && a.decisions == b.decisions;
}

Replay replay(const ReplayRequest& request, const ProgressCallback& progress) {
  backend().check(request.plan);
  Batch batch;
  batch.schedules = request.times;
  batch.plan_of = [&request](std::uint64_t) { return request.plan; };
  batch.report_every_run = true;
  batch.trace_first = request.trace_steps;
  batch.hang_seconds = request.hang_seconds;
  const BatchResult result = run_batch(batch, progress);
  if (result.runs.empty()) throw ToolError("interrupted before the first run ended");
  Replay out;
  out.record = result.runs.front();
  out.times = result.runs.size();
  out.failures = result.tally.failures;
  out.findings = result.findings;
  out.interrupted = result.interrupted;
  if (backend().repeats) {
    for (const Record& run : result.runs) out.identical = out.identical && same_run(run, out.record);
  } else if (!result.findings.empty()) {
    out.record = result.findings.front().record;
  }
  return out;
}

}  // namespace jitterbug
