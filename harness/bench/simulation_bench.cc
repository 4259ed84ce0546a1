// How fast the simulation is: decisions per second of the whole scheduler under
// each stressor, and three small programs beside the same programs under Relacy, in
// one run on one machine. items/s are decisions for the first, executions for the
// others.

#include <benchmark/benchmark.h>

#include <string>

#include "harness/bench/programs.h"
#include "harness/campaign/runner.h"
#include "harness/sim/machine.h"
#include "harness/sim/testing.h"
#include "harness/strategy/random.h"
#include "runtime/os/os.h"
#include "stressors/stressor.h"

namespace jitterbug {
namespace {

using testing::Crew;
using testing::RecordingJudge;

constexpr std::uint64_t executions_per_iteration = 1'000;

// ---- The whole scheduler ----------------------------------------------------

void whole_scheduler(benchmark::State& state, const Stressor& stressor) {
  Runner runner(stressors());
  Plan plan;
  plan.stressor = stressor.name;
  std::uint64_t decisions = 0;
  for (auto _ : state) {
    ++plan.seed;
    const Record record = runner.run(plan);
    if (record.failed) state.SkipWithError((record.oracle + ": " + record.sentence).c_str());
    decisions += record.decisions;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(decisions));
  state.counters["decisions/run"] = static_cast<double>(decisions) / static_cast<double>(state.iterations());
}

// ---- Small programs -----------------------------------------------------------

// Blocks at once, as Relacy's does: rt::Lock spins first, which is more decisions.
class Mutex {
 public:
  void lock() {
    if (word_.exchange(1, rt::acquire) == 0) return;
    while (word_.exchange(2, rt::acquire) != 0) rt::os::futex_wait(word_, 2, rt::forever);
  }
  void unlock() {
    if (word_.exchange(0, rt::release) == 2) rt::os::futex_wake(word_, 1);
  }

 private:
  rt::os::Atomic<std::uint32_t> word_{0};  // 0 free, 1 locked, 2 locked and perhaps waited for
};

class Condition {
 public:
  // The caller holds the lock, and holds it again on return. May return early.
  void wait(Mutex& lock) {
    const std::uint32_t seen = signals_.load(rt::relaxed);
    lock.unlock();
    rt::os::futex_wait(signals_, seen, rt::forever);
    lock.lock();
  }
  void notify_one() {
    signals_.fetch_add(1, rt::relaxed);
    rt::os::futex_wake(signals_, 1);
  }

 private:
  rt::os::Atomic<std::uint32_t> signals_{0};
};

bool increments_program() {
  rt::os::Atomic<int> word{0};
  Crew crew;
  for (int t = 0; t < 2; ++t) {
    crew.start([&] {
      word.fetch_add(1, rt::seq_cst);
      word.fetch_add(1, rt::seq_cst);
    });
  }
  crew.join();
  return word.load(rt::relaxed) == 4;
}

bool lock_program() {
  Mutex lock;
  int counter = 0;
  Crew crew;
  for (int t = 0; t < 3; ++t) {
    crew.start([&] {
      for (int i = 0; i < 10; ++i) {
        lock.lock();
        ++counter;
        lock.unlock();
      }
    });
  }
  crew.join();
  return counter == 30;
}

bool buffer_program() {
  Mutex lock;
  Condition not_full, not_empty;
  int held = 0, taken = 0;
  const auto produce = [&] {
    lock.lock();
    while (held == 2) not_full.wait(lock);
    ++held;
    not_empty.notify_one();
    lock.unlock();
  };
  const auto consume = [&] {
    lock.lock();
    while (held == 0) not_empty.wait(lock);
    --held;
    ++taken;
    not_full.notify_one();
    lock.unlock();
  };
  Crew crew;
  for (int t = 0; t < 4; ++t) {
    crew.start([&, t] {
      for (int i = 0; i < 4; ++i) {
        if (t < 2)
          produce();
        else
          consume();
      }
    });
  }
  crew.join();
  return taken == 8;
}

// As hunts do: the length of bursts is drawn for each execution.
const RandomOptions as_hunted = {};
// As Relacy does: every step asks who runs next, and all are equal.
const RandomOptions every_step = {.burst_mean = 1, .skewed = false, .stall_sixteenths = 0};

template <bool (*Program)()>
void ours(benchmark::State& state, const RandomOptions& random) {
  Machine machine;
  RecordingJudge judge(machine);
  RandomStrategy strategy(random);
  MachineOptions options;
  options.storm_steps = 1'000'000;
  std::uint64_t seed = 0, decisions = 0;
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < executions_per_iteration; ++i) {
      bool right = false;
      strategy.begin(++seed);
      const RunResult result = machine.run(options, strategy, judge, [&right] { right = Program(); });
      if (result.failed || !right) return state.SkipWithError("the program failed");
      decisions += result.decisions;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(executions_per_iteration));
  state.counters["decisions/s"] = benchmark::Counter(static_cast<double>(decisions), benchmark::Counter::kIsRate);
}

template <bool (*Program)(std::uint64_t)>
void relacy(benchmark::State& state) {
  for (auto _ : state) {
    if (!Program(executions_per_iteration)) return state.SkipWithError("the program failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(executions_per_iteration));
}

void register_all() {
  for (const Stressor& stressor : stressors()) {
    benchmark::RegisterBenchmark(("BM_Scheduler_" + std::string(stressor.name)).c_str(),
                                 [&stressor](benchmark::State& state) { whole_scheduler(state, stressor); });
  }
  const auto in_milliseconds = [](benchmark::internal::Benchmark* b) { b->Unit(benchmark::kMillisecond); };
  const auto add = [&](const char* name, auto run) { in_milliseconds(benchmark::RegisterBenchmark(name, run)); };
  add("BM_Increments_Jitterbug/as_hunted", [](benchmark::State& s) { ours<increments_program>(s, as_hunted); });
  add("BM_Increments_Jitterbug/every_step", [](benchmark::State& s) { ours<increments_program>(s, every_step); });
  add("BM_Increments_Relacy", relacy<relacy_increments>);
  add("BM_Mutex_Jitterbug/as_hunted", [](benchmark::State& state) { ours<lock_program>(state, as_hunted); });
  add("BM_Mutex_Jitterbug/every_step", [](benchmark::State& state) { ours<lock_program>(state, every_step); });
  add("BM_Mutex_Relacy", relacy<relacy_mutex>);
  add("BM_Buffer_Jitterbug/as_hunted", [](benchmark::State& state) { ours<buffer_program>(state, as_hunted); });
  add("BM_Buffer_Jitterbug/every_step", [](benchmark::State& state) { ours<buffer_program>(state, every_step); });
  add("BM_Buffer_Relacy", relacy<relacy_buffer>);
}

}  // namespace
}  // namespace jitterbug

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  jitterbug::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
