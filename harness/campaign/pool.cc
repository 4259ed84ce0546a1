#include "harness/campaign/pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>

#include "harness/base/confine.h"
#include "harness/base/ending.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/campaign/run_report.h"
#include "harness/campaign/worker.h"

namespace jitterbug {
namespace {

constexpr int poll_interval_ms = 100;

// A process may be refused for a moment, and a worker may die before it runs
// anything; that it always does is not the program's under test to answer for.
constexpr int refusals_max = 100;   // in a row, a poll interval apart
constexpr int idle_deaths_max = 3;  // in a row
constexpr std::uint64_t no_schedule = ~std::uint64_t{0};

// A worker as its parent sees it.
struct Child {
  pid_t pid = -1;     // -1: none runs
  int reports = -1;   // pipe from it
  int output = -1;    // what it prints
  bool hung = false;     // was ended because its run took too long
  bool babbled = false;  // was ended because it sent what makes no sense
  std::string partial;             // of a line it is sending
  std::vector<std::string> keys;   // of the failing records it has sent

  // Of all processes that work off this share
  std::optional<std::uint64_t> wanted;  // schedule at which another process has to go on
  std::uint64_t killed_at = no_schedule;  // the schedule under way when it was killed from outside
  std::uint64_t reported = 0;             // schedules below need no report any more
  int refusals = 0;
  int idle_deaths = 0;
};

class Pool {
 public:
  Pool(const Batch& batch, std::span<const Stressor> stressors, const ProgressCallback& progress)
      : batch_(batch), stressors_(stressors), progress_(progress), children_(batch.jobs) {
    if (batch.seconds > 0) deadline_ = started_ + static_cast<std::int64_t>(batch.seconds * 1e9);
  }

  ~Pool() {
    for (Child& child : children_) {
      if (child.pid > 0) {
        kill(child.pid, SIGKILL);
        wait_for_end(child.pid);
      }
      close_files(child);
    }
  }

  BatchResult run() {
    for (int w = 0; w < batch_.jobs; ++w) {
      shared_->workers[w].next.store(static_cast<std::uint64_t>(w));
      want(w, static_cast<std::uint64_t>(w));
    }
    while (std::any_of(children_.begin(), children_.end(), [](const Child& c) { return c.pid > 0 || c.wanted; })) {
      for (int w = 0; w < batch_.jobs; ++w) start_if_wanted(w);
      wait_for_reports();
      end_hung_runs();
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
    if (first < batch_.schedules && !shared_->stop.load()) children_[number].wanted = first;
  }

  void start_if_wanted(int number) {
    Child& child = children_[number];
    if (!child.wanted) return;
    if (!start(number, *child.wanted)) {
      if (++child.refusals == refusals_max) refused("cannot start a worker");
      return;
    }
    child.refusals = 0;
    child.wanted.reset();
  }

  // False: the system gives no process now.
  bool start(int number, std::uint64_t first) {
    Child& child = children_[number];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    child.reports = ends[0];
    child.output = open_output();
    child.hung = child.babbled = false;
    child.partial.clear();
    child.keys.clear();
    WorkerState& state = shared_->workers[number];
    state.running.store(false);
    state.index.store(no_schedule);
    state.distress.store(Distress::none);
    const pid_t parent = getpid();
    child.pid = fork();
    if (child.pid == 0) {
      confine({parent, child.output, batch_.memory_bytes, &state.distress});
      work({&batch_, stressors_, shared_, number, first, deadline_, ends[1], child.output});
    }
    close(ends[1]);
    if (child.pid < 0) close_files(child);
    return child.pid > 0;
  }

  void wait_for_reports() {
    std::vector<pollfd> files;
    std::vector<int> numbers;
    for (int w = 0; w < batch_.jobs; ++w) {
      if (children_[w].pid <= 0) continue;
      files.push_back({children_[w].reports, POLLIN, 0});
      numbers.push_back(w);
    }
    if (poll(files.data(), files.size(), poll_interval_ms) < 0 && errno != EINTR) refused("cannot wait for workers");
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i].revents != 0 && !read_reports(children_[numbers[i]])) reap(numbers[i]);
    }
  }

  // False: the worker has closed its end.
  bool read_reports(Child& child) {
    char buffer[65536];
    const ssize_t n = read(child.reports, buffer, sizeof buffer);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    if (n == 0) return false;
    child.partial.append(buffer, static_cast<std::size_t>(n));
    std::size_t start = 0;
    for (std::size_t end; (end = child.partial.find('\n', start)) != std::string::npos; start = end + 1) {
      take(child, child.partial.substr(start, end - start));
    }
    child.partial.erase(0, start);
    return true;
  }

  void take(Child& child, const std::string& line) {
    if (line.starts_with('!')) throw ToolError(line.substr(1));
    std::optional<RunReport> report = read_run_report(line, child.keys);
    if (report) return handle(child, std::move(*report));
    child.babbled = true;
    kill(child.pid, SIGKILL);
  }

  void handle(Child& child, RunReport report) {
    if (report.again) {
      if (is_news(child, report.record.index) && !report.key.empty()) findings_.add_again(report.key);
      return;
    }
    Record& record = report.record;
    if (record.failed) child.keys.push_back(finding_key(record));
    if (record.failed ? is_news(child, record.index) : batch_.report_every_run) add(std::move(record));
  }

  // A run that had been reported when its worker was killed is run again. Counts the
  // failure if it is none of these.
  bool is_news(Child& child, std::uint64_t index) {
    if (index < child.reported) return false;
    child.reported = index + 1;
    findings_.count(batch_.plan_of(index).stressor);
    return true;
  }

  Plan plan_of(const Record& record) const {
    Plan plan = batch_.plan_of(record.index);
    plan.strategy = record.strategy;
    return plan;
  }

  void add(Record record) {
    if (batch_.report_every_run) result_.runs.push_back(record);
    if (!record.failed) return;
    const Plan plan = plan_of(record);
    findings_.add(plan, std::move(record), batch_.found);
  }

  void reap(int number) {
    Child& child = children_[number];
    Ending ending;
    ending.status = wait_for_end(child.pid);
    child.pid = -1;
    const WorkerState& state = shared_->workers[number];
    ending.in_a_run = state.running.load(std::memory_order_acquire);
    const bool well = WIFEXITED(ending.status) && WEXITSTATUS(ending.status) == 0;
    if (!well || ending.in_a_run || child.babbled) {
      ending.hung = child.hung;
      ending.babbled = child.babbled;
      ending.hang_seconds = batch_.hang_seconds;
      ending.memory_bytes = batch_.memory_bytes;
      ending.distress = state.distress.load();
      ending.output = end_of_output(child.output, output_shown);
      replace(number, std::move(ending));
    }
    close_files(child);
  }

  // What a run does to its process is a finding. Where it is the harness or somebody
  // outside, nothing is missed: another process goes on with what is not counted.
  void replace(int number, Ending ending) {
    Child& child = children_[number];
    const WorkerState& state = shared_->workers[number];
    const std::uint64_t index = state.index.load();
    const bool killed = killed_from_outside(ending);
    ending.killed_again = killed && ending.in_a_run && child.killed_at == index;
    if (killed && !ending.killed_again) {
      if (ending.in_a_run) child.killed_at = index;
      return want(number, state.next.load());
    }
    if (index == no_schedule) {
      if (++child.idle_deaths == idle_deaths_max)
        throw ToolError("workers die before they run anything: " + sentence_of(ending) + ": " + ending.output);
      return want(number, state.next.load());
    }
    child.idle_deaths = 0;
    record_crash(number, index, ending);
    want(number, state.next.load());
  }

  void record_crash(int number, std::uint64_t index, const Ending& ending) {
    WorkerState& state = shared_->workers[number];
    const Plan plan = batch_.plan_of(index);
    Record record = crash_record(sentence_of(ending));
    record.index = index;
    record.strategy =
        plan.strategy == portfolio_name ? portfolio_members()[state.member.load()] : plan.strategy;
    record.detail = ending.output;
    if (state.next.load() <= index) {
      state.next.store(index + static_cast<std::uint64_t>(batch_.jobs));
      shared_->runs_of[number_of(stressors_, plan.stressor)].fetch_add(1);
    }
    if (batch_.stop_at_first) shared_->stop.store(true);
    if (is_news(children_[number], index)) add(std::move(record));
  }

  void end_hung_runs() {
    const std::int64_t now = monotonic_ns();
    const auto limit = static_cast<std::int64_t>(batch_.hang_seconds * 1e9);
    for (int w = 0; w < batch_.jobs; ++w) {
      Child& child = children_[w];
      const WorkerState& state = shared_->workers[w];
      if (child.pid <= 0 || child.hung || !state.running.load(std::memory_order_acquire)) continue;
      if (now - state.running_since.load(std::memory_order_relaxed) < limit) continue;
      child.hung = true;
      kill(child.pid, SIGKILL);
    }
  }

  static void close_files(Child& child) {
    if (child.reports >= 0) close(child.reports);
    if (child.output >= 0) close(child.output);
    child.reports = child.output = -1;
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
    result_.tally = tally_of(*shared_, batch_.jobs, stressors_, findings_);
    result_.tally.seconds = static_cast<double>(monotonic_ns() - started_) / 1e9;
  }

  const Batch& batch_;
  std::span<const Stressor> stressors_;
  const ProgressCallback& progress_;
  SharedMemory memory_{sizeof(SharedState)};
  SharedState* const shared_ = static_cast<SharedState*>(memory_.data());
  std::vector<Child> children_;
  const std::int64_t started_ = monotonic_ns();
  std::int64_t deadline_ = 0;
  Findings findings_;
  BatchResult result_;
};

}  // namespace

BatchResult run_batch(const Batch& batch, std::span<const Stressor> stressors, const ProgressCallback& progress) {
  if (stressors.size() > SharedState::stressors_max) throw ToolError("more stressors than a campaign can count");
  return Pool(batch, stressors, progress).run();
}

}  // namespace jitterbug
