#include "harness/classic/trial_pool.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

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

double seconds_since(std::int64_t ns) { return static_cast<double>(monotonic_ns() - ns) * 1e-9; }

class Pool {
 public:
  explicit Pool(const std::vector<TrialPlan>& plans)
      : plans_(plans),
        memory_(sizeof(Board) + plans.size() * sizeof(Slot)),
        board_(new (memory_.data()) Board),
        slots_(reinterpret_cast<Slot*>(board_ + 1)) {
    for (std::size_t i = 0; i < plans.size(); ++i) new (slots_ + i) Slot;
  }
  ~Pool() {
    for (const pid_t pid : workers_) {
      kill(pid, SIGKILL);
      wait_for_end(pid);
    }
  }

  PooledTrials run(int jobs, const std::function<void(const PoolProgress&)>& progress) {
    const std::int64_t started = monotonic_ns();
    PooledTrials out;
    for (int w = 0; w < jobs && static_cast<std::size_t>(w) < plans_.size(); ++w) start_worker();
    while (!workers_.empty()) {
      poll(nullptr, 0, poll_interval_ms);
      if (interrupted()) {
        out.interrupted = true;
        board_->stop.store(true, relaxed);
      }
      reap();
      if (progress) progress(seen(seconds_since(started)));
    }
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      std::optional<TrialResult>& result = out.results.emplace_back();
      if (slots_[i].done.load(std::memory_order_acquire)) result = slots_[i].result;
    }
    out.seconds = seconds_since(started);
    return out;
  }

 private:
  void start_worker() {
    const pid_t parent = getpid();
    std::fflush(nullptr);
    const pid_t pid = fork();
    if (pid < 0) refused("cannot start a worker");
    if (pid > 0) return workers_.push_back(pid);
    follow(parent);
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
      throw ToolError("a worker is gone: " + how_it_ended(status));
    }
  }

  PoolProgress seen(double seconds) const {
    return {seconds, board_->trials.load(relaxed), plans_.size(), board_->schedules.load(relaxed),
            board_->decisions.load(relaxed)};
  }

  const std::vector<TrialPlan>& plans_;
  const SharedMemory memory_;
  Board* const board_;
  Slot* const slots_;
  std::vector<pid_t> workers_;
};

}  // namespace

PooledTrials run_trials(const std::vector<TrialPlan>& plans, int jobs,
                        const std::function<void(const PoolProgress&)>& progress) {
  return Pool(plans).run(jobs, progress);
}

}  // namespace jitterbug::classic
