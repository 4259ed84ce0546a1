#include "harness/classic/trial_pool.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include "harness/base/confine.h"
#include "harness/base/ending.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

namespace jitterbug::classic {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr int poll_interval_ms = 100;
constexpr std::size_t error_max = 500;
constexpr std::uint64_t memory_max = std::uint64_t{2} << 30;  // of address space, per worker
constexpr std::size_t no_plan = ~std::size_t{0};

// In memory that the parent and its workers map. Zero-filled memory is valid.
struct Board {
  std::atomic<std::size_t> next{0};  // the first plan that nobody has taken
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> trials{0};
  std::atomic<std::uint64_t> schedules{0};
  std::atomic<std::uint64_t> decisions{0};
  std::atomic<bool> error_taken{false};
  char error[error_max];  // of the worker that has taken it
};

// What a worker is at. Its parent reads it, and knows from it whose doing the end of the worker is.
struct At {
  std::atomic<std::size_t> plan{no_plan};
  std::atomic<std::uint64_t> schedules{0};     // of its trial, before the run under way
  std::atomic<std::uint64_t> decisions{0};     // of those
  std::atomic<std::int64_t> running_since{0};  // monotonic ns; 0: no run is under way
  std::atomic<Distress> distress{Distress::none};
};

struct Slot {
  std::atomic<bool> done{false};
  TrialResult result;  // published by done
};

struct Worker {
  pid_t pid = -1;  // -1: none
  At* at = nullptr;
  bool hung = false;               // was ended because its run took too long
  std::size_t killed_at = no_plan;  // its plan when it was killed from outside
};

double seconds_since(std::int64_t ns) { return static_cast<double>(monotonic_ns() - ns) * 1e-9; }

class Pool {
 public:
  Pool(const std::vector<TrialPlan>& plans, int jobs, double hang_seconds)
      : plans_(plans),
        hang_seconds_(hang_seconds),
        memory_(sizeof(Board) + static_cast<std::size_t>(jobs) * sizeof(At) + plans.size() * sizeof(Slot)),
        board_(new (memory_.data()) Board),
        at_(reinterpret_cast<At*>(board_ + 1)),
        slots_(reinterpret_cast<Slot*>(at_ + jobs)),
        workers_(static_cast<std::size_t>(jobs)) {
    for (std::size_t w = 0; w < workers_.size(); ++w) workers_[w].at = new (at_ + w) At;
    for (std::size_t i = 0; i < plans.size(); ++i) new (slots_ + i) Slot;
  }
  ~Pool() {
    for (const Worker& worker : workers_) {
      if (worker.pid < 0) continue;
      kill(worker.pid, SIGKILL);
      wait_for_end(worker.pid);
    }
  }

  PooledTrials run(const std::function<void(const PoolProgress&)>& progress) {
    const std::int64_t started = monotonic_ns();
    PooledTrials out;
    for (std::size_t w = 0; w < workers_.size() && w < plans_.size(); ++w) start(workers_[w], no_plan);
    while (any_runs()) {
      poll(nullptr, 0, poll_interval_ms);
      if (interrupted()) {
        out.interrupted = true;
        board_->stop.store(true, relaxed);
      }
      for (Worker& worker : workers_) attend(worker);
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
  bool any_runs() const {
    for (const Worker& worker : workers_) {
      if (worker.pid >= 0) return true;
    }
    return false;
  }

  // It begins with plan `first`, if that is one.
  void start(Worker& worker, std::size_t first) {
    worker.hung = false;
    worker.at->plan.store(no_plan);
    worker.at->running_since.store(0);
    worker.at->distress.store(Distress::none);
    const pid_t parent = getpid();
    std::fflush(nullptr);
    worker.pid = fork();
    if (worker.pid < 0) refused("cannot start a worker");
    if (worker.pid > 0) return;
    confine({parent, -1, memory_max, &worker.at->distress});
    try {
      work(*worker.at, first);
    } catch (const std::exception& error) {
      if (!board_->error_taken.exchange(true)) std::snprintf(board_->error, error_max, "%s", error.what());
      worker.at->running_since.store(0);
      _exit(3);
    }
    _exit(0);  // not exit(): what the parent registered is not the worker's
  }

  void work(At& at, std::size_t first) {
    TrialRunner runner;
    const auto stop = [&](const TrialResult& so_far) {
      at.schedules.store(so_far.schedules, relaxed);
      at.decisions.store(so_far.decisions, relaxed);
      at.running_since.store(monotonic_ns());
      board_->schedules.fetch_add(1, relaxed);
      return board_->stop.load(relaxed);
    };
    for (std::size_t index = first;; index = no_plan) {
      if (index == no_plan) index = board_->next.fetch_add(1, relaxed);
      if (index >= plans_.size() || board_->stop.load(relaxed)) return;
      at.plan.store(index);
      const TrialPlan& plan = plans_[index];
      const TrialResult result =
          runner.schedules_to_first_bug(*plan.program, plan.strategy, plan.seed, plan.schedules, stop);
      at.running_since.store(0);
      if (result.stopped) return;
      finish(index, result);
    }
  }

  void finish(std::size_t index, const TrialResult& result) {
    slots_[index].result = result;
    slots_[index].done.store(true, std::memory_order_release);
    board_->trials.fetch_add(1, relaxed);
    board_->decisions.fetch_add(result.decisions, relaxed);
  }

  void attend(Worker& worker) {
    if (worker.pid < 0) return;
    end_if_hung(worker);
    int status = 0;
    const pid_t ended = waitpid(worker.pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) return;
    worker.pid = -1;
    if (board_->error_taken.load()) throw ToolError(board_->error);
    if (worker.at->running_since.load() != 0) return replace(worker, status);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw ToolError("a worker is gone: " + how_it_ended(status));
  }

  void end_if_hung(Worker& worker) {
    const std::int64_t since = worker.at->running_since.load();
    if (worker.hung || since == 0 || seconds_since(since) < hang_seconds_) return;
    worker.hung = true;
    kill(worker.pid, SIGKILL);
  }

  // It ended in a run. That is the run's doing, unless somebody outside killed it: then the trial is begun again.
  void replace(Worker& worker, int status) {
    const At& at = *worker.at;
    const std::size_t plan = at.plan.load();
    Ending ending;
    ending.status = status;
    ending.hung = worker.hung;
    if (killed_from_outside(ending) && worker.killed_at != plan) {
      worker.killed_at = plan;
      return start(worker, plan);
    }
    TrialResult result;
    result.schedules = result.first_bug = at.schedules.load() + 1;
    result.decisions = at.decisions.load();
    result.symptom = worker.hung ? Symptom::hang : Symptom::crash;
    finish(plan, result);
    start(worker, no_plan);
  }

  PoolProgress seen(double seconds) const {
    return {seconds, board_->trials.load(relaxed), plans_.size(), board_->schedules.load(relaxed),
            board_->decisions.load(relaxed)};
  }

  const std::vector<TrialPlan>& plans_;
  const double hang_seconds_;
  const SharedMemory memory_;
  Board* const board_;
  At* const at_;
  Slot* const slots_;
  std::vector<Worker> workers_;
};

}  // namespace

PooledTrials run_trials(const std::vector<TrialPlan>& plans, int jobs,
                        const std::function<void(const PoolProgress&)>& progress, double hang_seconds) {
  return Pool(plans, jobs, hang_seconds).run(progress);
}

}  // namespace jitterbug::classic
