#include "harness/native/hunt.h"

#include <poll.h>

#include <algorithm>
#include <memory>

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

namespace jitterbug {
namespace {

constexpr int poll_ms = 50;

double now() { return static_cast<double>(monotonic_ns()) / 1e9; }

// What stands between plans and results.
class Hunt {
 public:
  Hunt(std::function<Plan(std::uint64_t)> plan_of, std::uint64_t schedules, const NativeHunt& limits,
       const NativeHuntWatch& watch)
      : plan_of_(std::move(plan_of)), schedules_(schedules), limits_(limits), watch_(watch) {}

  NativeHuntResult run() {
    for (start_runs(); !running_.empty(); start_runs()) {
      wait();
      take_ended();
      result_.tally.seconds = now() - began_;
      if (watch_.progress) watch_.progress(result_.tally);
    }
    result_.interrupted = interrupted();
    result_.ended = true;
    result_.tally.seconds = now() - began_;
    return std::move(result_);
  }

 private:
  bool may_start() const {
    if (next_ >= schedules_ || interrupted() || result_.tally.failures >= limits_.enough) return false;
    return limits_.seconds == 0 || now() - began_ < limits_.seconds;
  }

  void start_runs() {
    while (running_.size() < static_cast<std::size_t>(limits_.jobs) && may_start()) {
      running_.push_back(std::make_unique<NativeRun>(plan_of_(next_), next_, limits_.hang_seconds, limits_.tracing));
      ++next_;
    }
  }

  void wait() const {
    std::vector<pollfd> ends;
    for (const auto& run : running_) ends.push_back({run->child().descriptor(), POLLIN, 0});
    ::poll(ends.data(), ends.size(), poll_ms);
  }

  void take_ended() {
    const auto is_over = [this](const std::unique_ptr<NativeRun>& run) {
      if (!run->child().poll()) return false;
      run->understand();
      count(*run);
      return true;
    };
    running_.erase(std::remove_if(running_.begin(), running_.end(), is_over), running_.end());
  }

  void count(const NativeRun& run) {
    const Record record = run.record();
    NativeTally& tally = result_.tally;
    ++tally.schedules;
    tally.holds += record.decisions;
    tally.reached += record.safeguard_reached ? 1 : 0;
    tally.entered |= run.entered();
    if (!record.failed()) return;
    ++tally.failures;
    tally.seconds = now() - began_;
    const auto [at, is_new] = number_of_.emplace(finding_key(record, AtWindows::alike), result_.findings.size());
    if (!is_new) {
      ++result_.findings[at->second].count;
      return;
    }
    result_.findings.push_back({run.plan(), record, 1});
    if (watch_.found) watch_.found(result_.findings.back());
    if (watch_.save) watch_.save(result_);
  }

  const std::function<Plan(std::uint64_t)> plan_of_;
  const std::uint64_t schedules_;
  const NativeHunt& limits_;
  const NativeHuntWatch& watch_;
  const double began_ = now();
  std::uint64_t next_ = 0;
  std::vector<std::unique_ptr<NativeRun>> running_;
  std::map<std::string, std::size_t> number_of_;  // of the finding with this key
  NativeHuntResult result_;
};

}  // namespace

Plan native_plan(const NativeHunt& hunt, std::uint64_t index) {
  Plan plan;
  plan.workload = hunt.workloads[index % hunt.workloads.size()];
  plan.strategy = native_strategy;
  plan.flavour = native_flavour;
  plan.noise = hunt.noise;
  plan.seed = derive(hunt.seed, index);
  plan.lifted = hunt.lifted;
  plan.fixed = hunt.fixed;
  return plan;
}

void check_native_hunt(const NativeHunt& hunt) {
  if (hunt.workloads.empty()) throw UsageError("no stressor to run");
  for (std::size_t i = 0; i < hunt.workloads.size(); ++i) check_native_plan(native_plan(hunt, i));
}

NativeHuntResult hunt_natively(const NativeHunt& hunt, const NativeHuntWatch& watch) {
  const std::uint64_t otherwise =
      hunt.seconds == 0 ? native_schedules_default : std::numeric_limits<std::uint64_t>::max();
  return Hunt([&hunt](std::uint64_t index) { return native_plan(hunt, index); }, hunt.schedules.value_or(otherwise),
              hunt, watch)
      .run();
}

NativeHuntResult replay_natively(const NativeReplay& replay, const NativeHuntWatch& watch) {
  NativeHunt limits;
  limits.hang_seconds = replay.hang_seconds;
  limits.tracing = replay.tracing;
  return Hunt([&replay](std::uint64_t) { return replay.plan; }, replay.times, limits, watch).run();
}

}  // namespace jitterbug
