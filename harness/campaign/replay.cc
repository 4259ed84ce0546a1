#include "harness/campaign/replay.h"

#include <sstream>

#include "harness/base/errors.h"
#include "harness/campaign/isolate.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

bool same(const Record& a, const Record& b) {
  return a.failure == b.failure && a.crashed == b.crashed && a.digest == b.digest && a.decisions == b.decisions;
}

// The process that runs it may die of it: each run is a question to it.
Replay replay_schedule(const ReplayRequest& request) {
  const auto run_once = [&](Runner& runner, bool first) {
    ReplayStrategy strategy(request.schedule->choices);
    strategy.begin(0);
    const Record record = runner.run_under(strategy, request.plan, first ? request.trace_steps : 0);
    return strategy.divergence() + "\n" + write_record(record);
  };
  const std::string all = run_isolated([&](Journal& journal) {
    Runner runner;
    std::string lines;
    for (std::uint64_t i = 0; i < request.times; ++i) {
      const JournalEntry entry = journal.ask([&] { return run_once(runner, i == 0); });
      lines += (entry.crashed ? "\n" + write_record(crash_record(entry.ending)) : entry.text) + "\n";
    }
    return lines;
  });
  Replay out;
  std::istringstream lines(all);
  for (std::string diverged, line; std::getline(lines, diverged) && std::getline(lines, line); ++out.times) {
    const Record record = read_record(line);
    if (out.times == 0) {
      out.record = record;
      out.divergence = diverged;
    }
    out.identical = out.identical && same(record, out.record);
  }
  return out;
}

}  // namespace

Replay replay(const ReplayRequest& request, const ProgressCallback& progress) {
  check_plan(request.plan);
  if (request.schedule) return replay_schedule(request);
  Batch batch;
  batch.schedules = request.times;
  batch.plan_of = [&request](std::uint64_t) { return request.plan; };
  batch.report_every_run = true;
  batch.trace_first = request.trace_steps;
  const BatchResult result = run_batch(batch, progress);
  if (result.runs.empty()) throw ToolError("interrupted before the first run ended");
  Replay out;
  out.record = result.runs.front();
  out.times = result.runs.size();
  out.interrupted = result.interrupted;
  for (const Record& run : result.runs) out.identical = out.identical && same(run, out.record);
  return out;
}

}  // namespace jitterbug
