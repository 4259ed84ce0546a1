#include "harness/classic/trial_pool.h"

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/child.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

namespace jitterbug::classic {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr int poll_interval_ms = 100;
constexpr std::uint64_t memory_max = std::uint64_t{2} << 30;  // of address space, per worker
constexpr std::size_t no_plan = ~std::size_t{0};

// In memory that the parent and its workers map. Zero-filled memory is valid.
struct Board {
  std::atomic<std::size_t> next{0};  // the first plan that nobody has taken
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> schedules{0};
};

// What a worker is at, in memory that it and its parent map. Zero-filled memory is valid.
struct At {
  std::atomic<std::size_t> plan_and_one{0};  // 0: none
  std::atomic<std::uint64_t> schedules{0};   // of its trial, before the run under way
  std::atomic<std::uint64_t> decisions{0};   // of those
};

// ---- What a worker says
constexpr char trial_done = 't';  // plan, first bug, schedules, decisions, symptom
constexpr char complaint = '!';   // it cannot go on: it is the harness's fault

std::string write_result(std::size_t plan, const TrialResult& r) {
  return nlohmann::json({plan, r.first_bug, r.schedules, r.decisions, static_cast<int>(r.symptom)}).dump();
}

struct Told {
  std::size_t plan = no_plan;
  TrialResult result;
};

std::optional<Told> read_result(std::string_view text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    Told told;
    json.at(0).get_to(told.plan);
    json.at(1).get_to(told.result.first_bug);
    json.at(2).get_to(told.result.schedules);
    json.at(3).get_to(told.result.decisions);
    told.result.symptom = static_cast<Symptom>(json.at(4).get<int>());
    return told;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

struct Worker {
  std::unique_ptr<Child> process;   // null: none runs
  std::size_t killed_at = no_plan;  // its plan when it was killed from outside
};

double seconds_since(std::int64_t ns) { return static_cast<double>(monotonic_ns() - ns) * 1e-9; }

class Pool {
 public:
  Pool(const std::vector<TrialPlan>& plans, int jobs, double hang_seconds)
      : plans_(plans), hang_seconds_(hang_seconds), workers_(static_cast<std::size_t>(jobs)) {
    out_.results.resize(plans.size());
  }

  PooledTrials run(const std::function<void(const PoolProgress&)>& progress) {
    const std::int64_t started = monotonic_ns();
    for (std::size_t w = 0; w < workers_.size() && w < plans_.size(); ++w) start(workers_[w], no_plan);
    while (std::any_of(workers_.begin(), workers_.end(), [](const Worker& w) { return w.process != nullptr; })) {
      look_at_processes();
      if (interrupted()) {
        out_.interrupted = true;
        board_->stop.store(true, relaxed);
      }
      if (progress) {
        progress({seconds_since(started), trials_, plans_.size(), board_->schedules.load(relaxed), decisions_});
      }
    }
    out_.seconds = seconds_since(started);
    return std::move(out_);
  }

 private:
  // It begins with plan `first`, if that is one.
  void start(Worker& worker, std::size_t first) {
    ChildOptions options;
    options.hang_seconds = hang_seconds_;
    options.memory_bytes = memory_max;
    options.shared_bytes = sizeof(At);
    worker.process = Child::start(options, [this, first](Parent& parent) { work(parent, first); });
    if (!worker.process) refused("cannot start a worker");
  }

  void work(Parent& parent, std::size_t first) const {
    try {
      work_off(parent, first);
    } catch (const std::exception& error) {
      parent.state.busy.store(false, relaxed);
      parent.send(complaint, error.what());
      _exit(static_cast<int>(Exit::tool));
    }
  }

  void work_off(Parent& parent, std::size_t first) const {
    TrialRunner runner;
    At& at = *static_cast<At*>(parent.shared);
    const auto stop = [&](const TrialResult& so_far) {
      at.schedules.store(so_far.schedules, relaxed);
      at.decisions.store(so_far.decisions, relaxed);
      parent.state.step.fetch_add(1, relaxed);
      parent.state.busy.store(true, std::memory_order_release);
      board_->schedules.fetch_add(1, relaxed);
      return board_->stop.load(relaxed);
    };
    for (std::size_t index = first;; index = no_plan) {
      if (index == no_plan) index = board_->next.fetch_add(1, relaxed);
      if (index >= plans_.size() || board_->stop.load(relaxed)) return;
      at.plan_and_one.store(index + 1);
      const TrialPlan& plan = plans_[index];
      const TrialResult result =
          runner.schedules_to_first_bug(*plan.program, plan.strategy, plan.seed, plan.schedules, stop);
      parent.state.busy.store(false, std::memory_order_release);
      if (result.stopped) return;
      parent.send(trial_done, write_result(index, result));
    }
  }

  void look_at_processes() {
    std::vector<const Child*> running;
    for (const Worker& worker : workers_) {
      if (worker.process) running.push_back(worker.process.get());
    }
    wait_for_any(running, poll_interval_ms);
    for (Worker& worker : workers_) {
      if (!worker.process ||
          !worker.process->look([this](char tag, std::string_view text) { return take(tag, text); })) {
        continue;
      }
      const std::unique_ptr<Child> ended = std::move(worker.process);
      if (!ended_well(ended->ending())) replace(worker, *ended);
    }
  }

  bool take(char tag, std::string_view text) {
    if (tag == complaint) throw ToolError(std::string(text));
    const std::optional<Told> told = tag == trial_done ? read_result(text) : std::nullopt;
    if (!told || told->plan >= plans_.size()) return false;
    finish(told->plan, told->result);
    return true;
  }

  void finish(std::size_t plan, const TrialResult& result) {
    out_.results[plan] = result;
    ++trials_;
    decisions_ += result.decisions;
  }

  // It ended in a run. That is the run's doing, unless somebody outside killed it: then the trial is begun again.
  void replace(Worker& worker, const Child& ended) {
    const Ending& ending = ended.ending();
    const At& at = *static_cast<const At*>(ended.shared());
    if (!ending.busy) throw ToolError("a worker is gone: " + sentence_of(ending));
    const std::size_t plan = at.plan_and_one.load() - 1;
    if (killed_from_outside(ending) && worker.killed_at != plan) {
      worker.killed_at = plan;
      return start(worker, plan);
    }
    TrialResult result;
    result.schedules = result.first_bug = at.schedules.load() + 1;
    result.decisions = at.decisions.load();
    result.symptom = ending.hung ? Symptom::hang : Symptom::crash;
    finish(plan, result);
    start(worker, no_plan);
  }

  const std::vector<TrialPlan>& plans_;
  const double hang_seconds_;
  const SharedMemory memory_{sizeof(Board)};
  Board* const board_ = static_cast<Board*>(memory_.data());
  std::vector<Worker> workers_;
  PooledTrials out_;
  std::uint64_t trials_ = 0;
  std::uint64_t decisions_ = 0;
};

}  // namespace

PooledTrials run_trials(const std::vector<TrialPlan>& plans, int jobs,
                        const std::function<void(const PoolProgress&)>& progress, double hang_seconds) {
  return Pool(plans, jobs, hang_seconds).run(progress);
}

}  // namespace jitterbug::classic
