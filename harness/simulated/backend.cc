// Plans in the simulated machine.

#include "harness/run/backend.h"

#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

std::unique_ptr<PlanRunner> make_runner(Parent&) { return std::make_unique<Runner>(); }

Record judge(const Ending& ending, const std::vector<std::string>&, const void*) { return crash_record(ending); }

// Of real time: a run takes milliseconds, unless it loops without a step.
constexpr double hang_seconds = 20;
constexpr std::uint64_t memory_bytes = std::uint64_t{2} << 30;

}  // namespace

const Backend& backend() {
  static const Backend simulated = {
      .flavour = simulated_flavour,
      .repeats = true,
      .windows = AtWindows::told_apart,
      .runs_per_process = 0,
      .process = {.hang_seconds = hang_seconds, .memory_bytes = memory_bytes},
      .only_strategy = nullptr,
      .check = check_plan,
      .make_runner = make_runner,
      .judge = judge,
  };
  return simulated;
}

}  // namespace jitterbug
