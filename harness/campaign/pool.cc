#include "harness/campaign/pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "harness/campaign/errors.h"
#include "harness/campaign/interrupt.h"
#include "harness/campaign/worker.h"

namespace jitterbug {
namespace {

constexpr int poll_interval_ms = 100;
constexpr std::size_t detail_max = 2'000;

[[noreturn]] void give_up(const char* what) { throw ToolError(std::string(what) + ": " + std::strerror(errno)); }

struct Unmap {
  void operator()(SharedState* state) const { munmap(state, sizeof(SharedState)); }
};
using SharedStatePtr = std::unique_ptr<SharedState, Unmap>;

SharedStatePtr map_shared_state() {
  void* memory = mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) give_up("cannot map memory to share with workers");
  return SharedStatePtr(new (memory) SharedState);
}

// A worker as its parent sees it.
struct Child {
  pid_t pid = -1;     // -1: none runs
  int reports = -1;   // pipe from it
  int output = -1;    // what it prints
  bool hung = false;  // was ended because its run took too long
  std::string partial;             // of a line it is sending
  std::vector<std::string> keys;   // of the failing records it has sent
};

std::string ending(int status, const Child& child, double hang_seconds) {
  if (child.hung) {
    return "a run did not end within " + std::to_string(static_cast<long>(hang_seconds)) +
           " s of real time: it loops without a step";
  }
  if (WIFEXITED(status)) return "the process exited with status " + std::to_string(WEXITSTATUS(status)) + " in a run";
  const char* name = sigabbrev_np(WTERMSIG(status));
  return "the process was ended by SIG" + std::string(name != nullptr ? name : "?") + " in a run";
}

// The end of what a worker printed.
std::string read_output(int fd) {
  const off_t size = lseek(fd, 0, SEEK_END);
  if (size <= 0) return "";
  std::string text(std::min<std::size_t>(static_cast<std::size_t>(size), detail_max), '\0');
  const ssize_t n = pread(fd, text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

class Pool {
 public:
  Pool(const Batch& batch, std::span<const Stressor> stressors, const ProgressCallback& progress)
      : batch_(batch), stressors_(stressors), progress_(progress), shared_(map_shared_state()), children_(batch.jobs) {
    if (batch.seconds > 0) deadline_ = started_ + static_cast<std::int64_t>(batch.seconds * 1e9);
  }

  ~Pool() {
    for (Child& child : children_) {
      if (child.pid > 0) {
        kill(child.pid, SIGKILL);
        waitpid(child.pid, nullptr, 0);
      }
      close_files(child);
    }
  }

  BatchResult run() {
    for (int w = 0; w < batch_.jobs; ++w) start(w, static_cast<std::uint64_t>(w));
    while (std::any_of(children_.begin(), children_.end(), [](const Child& c) { return c.pid > 0; })) {
      wait_for_reports();
      end_hung_runs();
      if (interrupted()) {
        result_.interrupted = true;
        shared_->stop.store(true);
      }
      update_tally();
      if (progress_) progress_(result_.tally);
    }
    update_tally();
    for (auto& [key, finding] : findings_) result_.findings.push_back(std::move(finding));
    const auto by_index = [](const auto& a, const auto& b) { return a.record.index < b.record.index; };
    std::sort(result_.findings.begin(), result_.findings.end(), by_index);
    std::sort(result_.runs.begin(), result_.runs.end(),
              [](const Record& a, const Record& b) { return a.index < b.index; });
    return std::move(result_);
  }

 private:
  void start(int number, std::uint64_t first) {
    if (first >= batch_.schedules) return;
    Child& child = children_[number];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) give_up("cannot make a pipe to a worker");
    child.reports = ends[0];
    child.output = memfd_create("worker-output", MFD_CLOEXEC);
    child.hung = false;
    child.partial.clear();
    child.keys.clear();
    shared_->workers[number].running.store(false);
    const pid_t parent = getpid();
    child.pid = fork();
    if (child.pid < 0) {
      close(ends[1]);
      give_up("cannot start a worker");
    }
    if (child.pid == 0) {
      become_worker(child, parent);
      work({&batch_, stressors_, shared_.get(), number, first, deadline_, ends[1]});
    }
    close(ends[1]);
  }

  static void become_worker(const Child& child, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(3);
    std::signal(SIGINT, SIG_IGN);  // the parent decides when the campaign ends
    std::signal(SIGTERM, SIG_DFL);
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (child.output >= 0) {
      dup2(child.output, STDOUT_FILENO);
      dup2(child.output, STDERR_FILENO);
    }
  }

  void wait_for_reports() {
    std::vector<pollfd> files;
    std::vector<int> numbers;
    for (int w = 0; w < batch_.jobs; ++w) {
      if (children_[w].pid <= 0) continue;
      files.push_back({children_[w].reports, POLLIN, 0});
      numbers.push_back(w);
    }
    if (poll(files.data(), files.size(), poll_interval_ms) < 0 && errno != EINTR) give_up("cannot wait for workers");
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
      handle(child, child.partial.substr(start, end - start));
    }
    child.partial.erase(0, start);
    return true;
  }

  void handle(Child& child, const std::string& line) {
    if (line.starts_with('!')) throw ToolError(line.substr(1));
    if (line.starts_with('+')) {
      ++findings_.at(child.keys.at(std::stoul(line.substr(1)))).count;
      return;
    }
    Record record = read_record(line);
    if (record.failed) child.keys.push_back(finding_key(record));
    add(std::move(record));
  }

  void add(Record record) {
    if (batch_.report_every_run) result_.runs.push_back(record);
    if (!record.failed) return;
    const std::string key = finding_key(record);
    const auto at = findings_.find(key);
    if (at == findings_.end()) {
      Plan plan = batch_.plan_of(record.index);
      findings_.emplace(key, Finding{std::move(plan), std::move(record), 1});
      return;
    }
    // Workers meet in any order; the lowest schedule stands for all.
    Finding& finding = at->second;
    ++finding.count;
    if (record.index < finding.record.index) {
      finding.plan = batch_.plan_of(record.index);
      finding.record = std::move(record);
    }
  }

  void reap(int number) {
    Child& child = children_[number];
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    child.pid = -1;
    const WorkerState& state = shared_->workers[number];
    const bool in_a_run = state.running.load(std::memory_order_acquire);
    const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well || in_a_run)
      crashed(number, status, in_a_run);
    else
      close_files(child);
  }

  void crashed(int number, int status, bool in_a_run) {
    Child& child = children_[number];
    const std::string output = read_output(child.output);
    const std::string how = ending(status, child, batch_.hang_seconds);
    close_files(child);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && !child.hung;
    if (!in_a_run || killed) throw ToolError("a worker is gone: " + how + (output.empty() ? "" : ": " + output));
    Record record;
    record.index = shared_->workers[number].index.load(std::memory_order_relaxed);
    record.failed = true;
    record.crashed = true;
    record.oracle = "O12";
    record.sentence = how;
    record.detail = output;
    shared_->schedules.fetch_add(1);
    shared_->failures.fetch_add(1);
    if (batch_.stop_at_first) shared_->stop.store(true);
    const std::uint64_t next = record.index + static_cast<std::uint64_t>(batch_.jobs);
    add(std::move(record));
    if (!shared_->stop.load()) start(number, next);
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

  void update_tally() {
    Tally& tally = result_.tally;
    tally.seconds = static_cast<double>(monotonic_ns() - started_) / 1e9;
    tally.schedules = shared_->schedules.load();
    tally.decisions = shared_->decisions.load();
    tally.failures = shared_->failures.load();
    tally.findings = findings_.size();
    tally.safeguard_reached = shared_->safeguard_reached.load();
    const auto windows = static_cast<std::size_t>(rt::Window::count);
    tally.entered.assign(windows, false);
    tally.switched.assign(windows, false);
    for (std::size_t i = 0; i < windows; ++i) {
      tally.entered[i] = shared_->entered.has(static_cast<rt::Window>(i));
      tally.switched[i] = shared_->switched.has(static_cast<rt::Window>(i));
    }
  }

  const Batch& batch_;
  std::span<const Stressor> stressors_;
  const ProgressCallback& progress_;
  SharedStatePtr shared_;
  std::vector<Child> children_;
  const std::int64_t started_ = monotonic_ns();
  std::int64_t deadline_ = 0;
  std::map<std::string, Finding> findings_;  // by key
  BatchResult result_;
};

}  // namespace

std::uint64_t Tally::windows_entered() const {
  return static_cast<std::uint64_t>(std::count(entered.begin(), entered.end(), true));
}

std::uint64_t Tally::windows_switched() const {
  return static_cast<std::uint64_t>(std::count(switched.begin(), switched.end(), true));
}

BatchResult run_batch(const Batch& batch, std::span<const Stressor> stressors, const ProgressCallback& progress) {
  return Pool(batch, stressors, progress).run();
}

}  // namespace jitterbug
