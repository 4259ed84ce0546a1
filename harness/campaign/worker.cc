#include "harness/campaign/worker.h"

#include <cerrno>
#include <ctime>
#include <exception>
#include <map>
#include <string>

#include <unistd.h>

#include "harness/campaign/runner.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

void send(int to, std::string line) {
  line += '\n';
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t n = write(to, line.data() + sent, line.size() - sent);
    if (n < 0 && errno != EINTR) _exit(3);  // the parent is gone
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
}

// Sends each way to fail once, and how often it came back.
class Reporter {
 public:
  explicit Reporter(const WorkerJob& job) : job_(job) {}

  void report(const Record& record) {
    if (!record.failed) {
      if (job_.batch->report_every_run) send(job_.reports, write_record(record));
      return;
    }
    if (job_.batch->report_every_run) return send(job_.reports, write_record(record));
    if (known_.size() >= findings_max) return;
    const auto [at, is_new] = known_.try_emplace(finding_key(record), known_.size());
    send(job_.reports, is_new ? write_record(record) : "+" + std::to_string(at->second));
  }

 private:
  const WorkerJob& job_;
  std::map<std::string, std::size_t> known_;
};

void count(SharedState& shared, const Record& record, const Runner& runner) {
  shared.schedules.fetch_add(1, relaxed);
  shared.decisions.fetch_add(record.decisions, relaxed);
  if (record.failed) shared.failures.fetch_add(1, relaxed);
  if (record.safeguard_reached) shared.safeguard_reached.fetch_add(1, relaxed);
  shared.entered.add(runner.windows_entered());
  shared.switched.add(runner.windows_switched());
}

void run_share(const WorkerJob& job) {
  const Batch& batch = *job.batch;
  WorkerState& state = job.shared->workers[job.number];
  Runner runner(job.stressors);
  Reporter reporter(job);
  for (std::uint64_t index = job.first; index < batch.schedules; index += static_cast<std::uint64_t>(batch.jobs)) {
    const std::int64_t now = monotonic_ns();
    if (job.shared->stop.load(relaxed) || (job.deadline != 0 && now >= job.deadline)) return;
    state.index.store(index, relaxed);
    state.running_since.store(now, relaxed);
    state.running.store(true, std::memory_order_release);
    Record record = runner.run(batch.plan_of(index), index == 0 ? batch.trace_first : 0);
    state.running.store(false, std::memory_order_release);
    record.index = index;
    count(*job.shared, record, runner);
    if (record.failed && batch.stop_at_first) job.shared->stop.store(true, relaxed);
    reporter.report(record);
  }
}

}  // namespace

std::int64_t monotonic_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

void work(const WorkerJob& job) {
  try {
    run_share(job);
  } catch (const std::exception& e) {
    job.shared->workers[job.number].running.store(false, relaxed);
    send(job.reports, std::string("!") + e.what());
    _exit(3);
  }
  // Not exit(): what the parent registered to happen at its end is not the worker's.
  _exit(0);
}

}  // namespace jitterbug
