// Plans on real threads.

#include "harness/run/backend.h"

#include "harness/native/runner.h"

namespace jitterbug {
namespace {

std::unique_ptr<PlanRunner> make_runner(Parent& parent) { return std::make_unique<NativeRunner>(parent); }

const NativeShared& both_have(const void* shared) { return *static_cast<const NativeShared*>(shared); }

Record judge(const Ending& ending, const std::vector<std::string>& said, const void* shared) {
  return judge_native(ending, said, both_have(shared));
}

// Any of these is a step forward.
std::uint64_t progress(const void* shared) {
  const Ledger& l = both_have(shared).ledger;
  return static_cast<std::uint64_t>(l.progress.load() + l.begun.load() + l.ended.load() + l.waits_ended.load() +
                                    l.callbacks_ended.load());
}

constexpr double hang_seconds = 30;
constexpr double mercy_seconds = 5;

}  // namespace

const Backend& backend() {
  static const Backend native = {
      .flavour = native_flavour,
      .repeats = false,
      .windows = AtWindows::alike,  // threads stand somewhere else in each run
      .runs_per_process = 1,
      .process = {.hang_seconds = hang_seconds,
                  .mercy_seconds = mercy_seconds,
                  .progress = progress,
                  .shared_bytes = sizeof(NativeShared)},
      .only_strategy = native_strategy,
      .check = check_native_plan,
      .make_runner = make_runner,
      .judge = judge,
  };
  return native;
}

}  // namespace jitterbug
