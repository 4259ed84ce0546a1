#include "harness/classic/trial_pool.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>

#include "harness/campaign/errors.h"
#include "harness/campaign/interrupt.h"

namespace jitterbug::classic {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr int poll_interval_ms = 100;
constexpr std::size_t error_max = 500;

// In memory that the parent and its workers map. Zero-filled memory is valid.
struct Board {
  std::atomic<std::uint64_t> next{0};  // the first plan that nobody has taken
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> trials{0};
  std::atomic<std::uint64_t> schedules{0};
  std::atomic<std::uint64_t> decisions{0};
  std::atomic<bool> error_taken{false};
  char error[error_max];  // of the worker that has taken it
};

struct Slot {
  std::atomic<bool> done{false};
  TrialResult result;  // published by done
};

[[noreturn]] void give_up(const char* what) { throw ToolError(std::string(what) + ": " + std::strerror(errno)); }

double now_seconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

class Pool {
 public:
  explicit Pool(const std::vector<TrialPlan>& plans)
      : plans_(plans), size_(sizeof(Board) + plans.size() * sizeof(Slot)) {
    memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) give_up("cannot map memory to share with workers");
    board_ = new (memory_) Board;
    slots_ = reinterpret_cast<Slot*>(board_ + 1);
    for (std::size_t i = 0; i < plans.size(); ++i) new (slots_ + i) Slot;
  }
  ~Pool() {
    for (const pid_t pid : workers_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    munmap(memory_, size_);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  PooledTrials run(int jobs, const std::function<void(const PoolProgress&)>& progress) {
    const double started = now_seconds();
    PooledTrials out;
    for (int w = 0; w < jobs && static_cast<std::size_t>(w) < plans_.size(); ++w) start_worker();
    while (!workers_.empty()) {
      poll(nullptr, 0, poll_interval_ms);
      if (interrupted()) {
        out.interrupted = true;
        board_->stop.store(true, relaxed);
      }
      reap();
      if (progress) progress(seen(now_seconds() - started));
    }
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      std::optional<TrialResult>& result = out.results.emplace_back();
      if (slots_[i].done.load(std::memory_order_acquire)) result = slots_[i].result;
    }
    out.seconds = now_seconds() - started;
    return out;
  }

 private:
  void start_worker() {
    const pid_t parent = getpid();
    std::fflush(nullptr);
    const pid_t pid = fork();
    if (pid < 0) give_up("cannot start a worker");
    if (pid > 0) return workers_.push_back(pid);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(3);
    std::signal(SIGINT, SIG_IGN);  // the parent decides when the work ends
    std::signal(SIGTERM, SIG_DFL);
    try {
      work();
    } catch (const std::exception& error) {
      if (!board_->error_taken.exchange(true)) std::snprintf(board_->error, error_max, "%s", error.what());
      _exit(3);
    }
    _exit(0);  // not exit(): what the parent registered is not the worker's
  }

  void work() {
    TrialRunner runner;
    const auto stop = [this] {
      board_->schedules.fetch_add(1, relaxed);
      return board_->stop.load(relaxed);
    };
    for (;;) {
      const std::uint64_t index = board_->next.fetch_add(1, relaxed);
      if (index >= plans_.size() || board_->stop.load(relaxed)) return;
      const TrialPlan& plan = plans_[index];
      const TrialResult result =
          runner.schedules_to_first_bug(*plan.program, plan.strategy, plan.seed, plan.schedules, stop);
      if (result.stopped) return;
      slots_[index].result = result;
      slots_[index].done.store(true, std::memory_order_release);
      board_->trials.fetch_add(1, relaxed);
      board_->decisions.fetch_add(result.decisions, relaxed);
    }
  }

  void reap() {
    for (std::size_t i = 0; i < workers_.size();) {
      int status = 0;
      const pid_t ended = waitpid(workers_[i], &status, WNOHANG);
      if (ended == 0 || (ended < 0 && errno == EINTR)) {
        ++i;
        continue;
      }
      workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
      if (board_->error_taken.load()) throw ToolError(board_->error);
      const std::string how = WIFSIGNALED(status) ? " by signal " + std::to_string(WTERMSIG(status)) : "";
      throw ToolError("a worker is gone" + how);
    }
  }

  PoolProgress seen(double seconds) const {
    return {seconds, board_->trials.load(relaxed), plans_.size(), board_->schedules.load(relaxed),
            board_->decisions.load(relaxed)};
  }

  const std::vector<TrialPlan>& plans_;
  std::size_t size_;
  void* memory_ = nullptr;
  Board* board_ = nullptr;
  Slot* slots_ = nullptr;
  std::vector<pid_t> workers_;
};

}  // namespace

PooledTrials run_trials(const std::vector<TrialPlan>& plans, int jobs,
                        const std::function<void(const PoolProgress&)>& progress) {
  return Pool(plans).run(jobs, progress);
}

}  // namespace jitterbug::classic
