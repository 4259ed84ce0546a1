#include "harness/campaign/worker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <unistd.h>

#include "harness/base/errors.h"
#include "harness/base/process.h"
#include "harness/campaign/run_report.h"
#include "harness/coverage/window_log.h"
#include "harness/run/backend.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// Sends each way to fail once, and how often it came back.
class Reporter {
 public:
  Reporter(const WorkerJob& job, const Parent& parent) : every_run_(job.batch->report_every_run), parent_(parent) {}

  void report(const Record& record) {
    if (every_run_) return send_record(parent_, record);
    if (!record.failed()) return;
    const std::string key = finding_key(record, backend().windows);
    const auto at = known_.find(key);
    if (at != known_.end()) return send_again(parent_, at->second, record.index);
    if (known_.size() >= findings_max) return send_counted(parent_, record.index);
    known_.emplace(key, known_.size());
    send_record(parent_, record);
  }

 private:
  const bool every_run_;
  const Parent& parent_;
  std::map<std::string, std::size_t> known_;
};

// Runs one plan after the other and says what windows the last run passed.
class WatchedRunner {
 public:
  WatchedRunner(const WorkerJob& job, Parent& parent)
      : runner_(backend().make_runner(parent)), watched_(job.batch->coverage) {
    if (watched_) runner_->watch(log_);
  }

  Record run(const Plan& plan, std::size_t trace_steps) { return runner_->run(plan, trace_steps); }

  // Adds up the last run.
  // True: it is of a class that no run of the workload was of.
  bool count(SharedState& shared, std::size_t workload) {
    const WindowSet entered = runner_->windows_entered();
    const WindowSet switched = runner_->windows_switched();
    shared.entered.add(entered);
    shared.switched.add(switched);
    if (watched_) shared.coverage.add(entered, switched, analysis_.analyse(log_));
    return shared.classes_of[workload].add(switched);
  }

 private:
  std::unique_ptr<PlanRunner> runner_;
  const bool watched_;
  WindowLog log_;
  CoverageAnalysis analysis_;
};

// Which member runs the schedule, if the plan leaves it to the portfolio.
std::optional<std::size_t> assign(const WorkerJob& job, Plan& plan) {
  if (plan.strategy != portfolio_name) return std::nullopt;
  const std::size_t member = job.shared->portfolio_of[number_of_workload(plan.workload)].choose(plan.seed);
  plan.strategy = portfolio_members()[member];
  return member;
}

void count(const WorkerJob& job, const Plan& plan, const Record& record, WatchedRunner& runner,
           std::optional<std::size_t> member) {
  SharedState& shared = *job.shared;
  shared.decisions.fetch_add(record.decisions, relaxed);
  if (record.safeguard_reached) shared.safeguard_reached.fetch_add(1, relaxed);
  const std::size_t workload = number_of_workload(plan.workload);
  const bool was_new = runner.count(shared, workload);
  if (member) shared.portfolio_of[workload].learn(*member, was_new);
  shared.runs_of[workload].fetch_add(1, relaxed);
}

void run_share(const WorkerJob& job, Parent& parent) {
  const Batch& batch = *job.batch;
  WorkerState& state = job.shared->workers[job.number];
  WatchedRunner runner(job, parent);
  Reporter reporter(job, parent);
  unsigned runs = 0;
  for (std::uint64_t index = job.first; index < batch.schedules; index += static_cast<std::uint64_t>(batch.jobs)) {
    if (backend().runs_per_process != 0 && runs++ == backend().runs_per_process) return;
    if (job.shared->stop.load(relaxed) || (job.deadline != 0 && monotonic_ns() >= job.deadline)) return;
    Plan plan = batch.plan_of(index);
    const std::optional<std::size_t> member = assign(job, plan);
    parent.forget_output();
    state.member.store(static_cast<std::uint8_t>(member.value_or(0)), relaxed);
    state.index.store(index, relaxed);
    parent.state.distress.store(Distress::none, relaxed);
    parent.state.step.fetch_add(1, relaxed);
    parent.state.busy.store(true, std::memory_order_release);
    Record record = runner.run(plan, index == 0 || !backend().repeats ? batch.trace_first : 0);
    parent.state.busy.store(false, std::memory_order_release);
    record.index = index;
    if (record.failed() && batch.enough == 1) job.shared->stop.store(true, relaxed);
    // In this order: a worker that is killed in between does the run again.
    reporter.report(record);
    count(job, plan, record, runner, member);
    state.next.store(index + static_cast<std::uint64_t>(batch.jobs), std::memory_order_release);
  }
}

[[noreturn]] void cannot_go_on(const Parent& parent, const std::exception& why) {
  parent.state.busy.store(false, relaxed);
  send_complaint(parent, why.what());
  _exit(3);
}

}  // namespace

void work(const WorkerJob& job, Parent& parent) {
  try {
    run_share(job, parent);
  } catch (const UsageError& e) {
    cannot_go_on(parent, e);
  } catch (const ToolError& e) {
    cannot_go_on(parent, e);
  } catch (const ImpossibleError& e) {
    cannot_go_on(parent, e);
  } catch (const std::exception& e) {
    // The harness throws nothing else by itself: a run has harmed its memory, or has taken it all.
    std::fprintf(stderr, "jitterbug: %s\n", e.what());
    std::abort();
  }
}

}  // namespace jitterbug
