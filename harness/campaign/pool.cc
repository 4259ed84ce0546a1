#include "harness/campaign/pool.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "harness/base/child.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/campaign/run_report.h"
#include "harness/campaign/worker.h"
#include "harness/run/backend.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

constexpr int poll_interval_ms = 100;

// A process may be refused for a moment, and a worker may die before it runs
// anything; that it always does is not the program's under test to answer for.
constexpr int refusals_max = 100;   // in a row, a poll interval apart
constexpr int idle_deaths_max = 3;  // in a row

// A schedule whose process is killed from outside so often is left out.
constexpr int kills_max = 5;
constexpr std::uint64_t no_schedule = ~std::uint64_t{0};

// A worker as its parent sees it: one process after the other.
struct Worker {
  std::unique_ptr<Child> process;        // null: none runs
  std::vector<std::string> keys;         // of the failing records it has sent
  std::vector<std::string> said;         // of the run under way: see say()
  std::optional<std::uint64_t> wanted;   // schedule at which another process has to go on
  std::uint64_t killed_at = no_schedule; // the schedule under way when a process was killed from outside
  int kills = 0;                         // how often it was
  std::uint64_t memory_kills = 0;        // of the system, when a process was started last
  std::uint64_t reported = 0;            // schedules below need no report any more
  int refusals = 0;
  int idle_deaths = 0;
};

class Pool {
 public:
  Pool(const Batch& batch, const ProgressCallback& progress)
      : batch_(batch), progress_(progress), workers_(static_cast<std::size_t>(batch.jobs)) {
    if (batch.seconds > 0) deadline_ = started_ + static_cast<std::int64_t>(batch.seconds * 1e9);
  }

  BatchResult run() {
    for (int w = 0; w < batch_.jobs; ++w) {
      shared_->workers[w].next.store(static_cast<std::uint64_t>(w));
      want(w, static_cast<std::uint64_t>(w));
    }
    while (std::any_of(workers_.begin(), workers_.end(), [](const Worker& w) { return w.process || w.wanted; })) {
      for (int w = 0; w < batch_.jobs; ++w) start_if_wanted(w);
      look_at_processes();
      if (interrupted()) {
        result_.interrupted = true;
        shared_->stop.store(true);
      }
      tell();
    }
    result_.ended = true;
    return so_far();
  }

 private:
  // A process is to work off the share of this worker from here on.
  void want(int number, std::uint64_t first) {
    const bool late = deadline_ != 0 && monotonic_ns() >= deadline_;
    if (first < batch_.schedules && !shared_->stop.load() && !late) worker(number).wanted = first;
  }

  void start_if_wanted(int number) {
    Worker& w = worker(number);
    if (!w.wanted) return;
    start(number, *w.wanted);
    if (!w.process) {
      if (++w.refusals == refusals_max) refused("cannot start a worker");
      return;
    }
    w.refusals = 0;
    w.wanted.reset();
  }

  void start(int number, std::uint64_t first) {
    Worker& w = worker(number);
    w.keys.clear();
    w.said.clear();
    w.memory_kills = kills_for_memory();
    shared_->workers[number].index.store(no_schedule);
    ChildOptions options = backend().process;
    if (batch_.hang_seconds != 0) options.hang_seconds = batch_.hang_seconds;
    w.process =
        Child::start(options, [&](Parent& parent) { work({&batch_, shared_, number, first, deadline_}, parent); });
  }

  void look_at_processes() {
    std::vector<const Child*> running;
    for (const Worker& w : workers_) {
      if (w.process) running.push_back(w.process.get());
    }
    wait_for_any(running, poll_interval_ms);
    for (int number = 0; number < batch_.jobs; ++number) {
      Worker& w = worker(number);
      if (!w.process || !w.process->look([&](char tag, std::string_view text) { return take(w, tag, text); })) continue;
      reap(number);
    }
  }

  bool take(Worker& w, char tag, std::string_view text) {
    if (tag == said_tag) {
      w.said.emplace_back(text);
      return true;
    }
    std::optional<RunReport> report = read_run_report(tag, text, w.keys);
    if (report) handle(w, std::move(*report));
    return report.has_value();
  }

  void handle(Worker& w, RunReport report) {
    Record& record = report.record;
    switch (report.kind) {
      case RunReport::Kind::complaint: throw ToolError(report.why);
      case RunReport::Kind::counted: static_cast<void>(is_news(w, record.index)); return;
      case RunReport::Kind::again:
        if (is_news(w, record.index)) findings_.add_again(report.key);
        return;
      case RunReport::Kind::record: break;
    }
    if (record.failed()) w.keys.push_back(finding_key(record, backend().windows));
    if (record.failed() ? is_news(w, record.index) : batch_.report_every_run) add(std::move(record));
  }

  // A run that had been reported when its worker was killed is run again. Counts the
  // failure if it is none of these.
  bool is_news(Worker& w, std::uint64_t index) {
    if (index < w.reported) return false;
    w.reported = index + 1;
    findings_.count(batch_.plan_of(index).workload);
    if (findings_.failures() >= batch_.enough) shared_->stop.store(true);
    return true;
  }

  Plan plan_of(const Record& record) const {
    Plan plan = batch_.plan_of(record.index);
    plan.strategy = record.strategy;
    return plan;
  }

  void add(Record record) {
    if (batch_.report_every_run) result_.runs.push_back(record);
    if (!record.failed()) return;
    const Plan plan = plan_of(record);
    findings_.add(plan, std::move(record), batch_.found);
  }

  void reap(int number) {
    const std::unique_ptr<Child> process = std::move(worker(number).process);
    if (!ended_well(process->ending())) return replace(number, *process);
    // The rest of its share, if it has left one.
    if (backend().runs_per_process != 0) want(number, shared_->workers[number].next.load());
  }

  // What a run does to its process is a finding. Where it is the harness or somebody
  // outside, nothing is missed: another process goes on with what is not counted.
  void replace(int number, const Child& process) {
    const Ending& ending = process.ending();
    Worker& w = worker(number);
    WorkerState& state = shared_->workers[number];
    const std::uint64_t index = state.index.load();
    const bool killed = killed_from_outside(ending);
    if (killed && !memory_ran_out(w)) {
      if (ending.busy && is_killed_too_often(w, index)) skip(number, index);
    } else if (index == no_schedule) {
      if (++w.idle_deaths == idle_deaths_max)
        throw ToolError("workers die before they run anything: " + sentence_of(ending) + ": " + ending.output);
    } else {
      w.idle_deaths = 0;
      record_end(number, index, process);
    }
    want(number, state.next.load());
  }

  // The system kills when it has no memory left. It need not have been this run that took it:
  // it is run again once.
  bool memory_ran_out(const Worker& w) const { return w.kills > 0 && kills_for_memory() > w.memory_kills; }

  bool is_killed_too_often(Worker& w, std::uint64_t index) {
    w.kills = w.killed_at == index ? w.kills + 1 : 1;
    w.killed_at = index;
    return w.kills >= kills_max;
  }

  void skip(int number, std::uint64_t index) {
    move_past(number, index);
    ++result_.left_out;
  }

  void move_past(int number, std::uint64_t index) {
    WorkerState& state = shared_->workers[number];
    if (state.next.load() <= index) state.next.store(index + static_cast<std::uint64_t>(batch_.jobs));
  }

  // A run that has ended its process: as a rule it failed.
  void record_end(int number, std::uint64_t index, const Child& process) {
    WorkerState& state = shared_->workers[number];
    const Plan plan = batch_.plan_of(index);
    Record record = backend().judge(process.ending(), worker(number).said, process.shared());
    record.index = index;
    record.strategy = plan.strategy == portfolio_name ? portfolio_members()[state.member.load()] : plan.strategy;
    if (state.next.load() <= index) shared_->runs_of[number_of_workload(plan.workload)].fetch_add(1);
    move_past(number, index);
    if (record.failed() ? is_news(worker(number), index) : batch_.report_every_run) add(std::move(record));
  }

  void tell() {
    update_tally();
    const bool news = findings_.take_news();
    if (news && batch_.save) batch_.save(so_far());
    if (progress_) progress_(result_.tally);
  }

  BatchResult so_far() {
    update_tally();
    BatchResult result = result_;
    if (batch_.coverage) result.coverage = shared_->coverage.sums();
    result.findings = findings_.sorted();
    std::sort(result.runs.begin(), result.runs.end(),
              [](const Record& a, const Record& b) { return a.index < b.index; });
    return result;
  }

  void update_tally() {
    result_.tally = tally_of(*shared_, batch_.jobs, findings_);
    result_.tally.schedules -= result_.left_out;
    result_.tally.seconds = static_cast<double>(monotonic_ns() - started_) / 1e9;
  }

  Worker& worker(int number) { return workers_[static_cast<std::size_t>(number)]; }

  const Batch& batch_;
  const ProgressCallback& progress_;
  SharedMemory memory_{sizeof(SharedState)};
  SharedState* const shared_ = static_cast<SharedState*>(memory_.data());
  const std::int64_t started_ = monotonic_ns();
  std::int64_t deadline_ = 0;
  Findings findings_{backend().windows};
  BatchResult result_;
  std::vector<Worker> workers_;
};

}  // namespace

BatchResult run_batch(const Batch& batch, const ProgressCallback& progress) {
  if (workloads().size() > SharedState::workloads_max) throw ToolError("more workloads than a campaign can count");
  return Pool(batch, progress).run();
}

}  // namespace jitterbug
