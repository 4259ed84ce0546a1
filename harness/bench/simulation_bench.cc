// How fast the simulation is: decisions per second of the whole scheduler under
// each workload, what of a run its world costs, and three small programs beside the
// same programs under Relacy, in one run on one machine. items/s are decisions for the
// first, runs for the second, executions for the others. A table at the end compares.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <string>

#include "harness/bench/programs.h"
#include "harness/bench/summary.h"
#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "harness/sim/machine.h"
#include "harness/sim/testing.h"
#include "harness/simulated/runner.h"
#include "harness/strategy/random.h"
#include "runtime/os/os.h"

namespace jitterbug {
namespace {

using testing::RecordingJudge;

constexpr std::uint64_t executions_per_iteration = 1'000;

// ---- The whole scheduler ----------------------------------------------------

void whole_scheduler(benchmark::State& state, const Workload& workload) {
  Runner runner;
  Plan plan;
  plan.workload = workload.name;
  std::uint64_t decisions = 0;
  for (auto _ : state) {
    ++plan.seed;
    const Record record = runner.run(plan);
    if (record.failed()) state.SkipWithError((to_text(*record.failure)).c_str());
    decisions += record.decisions;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(decisions));
  state.counters["decisions/run"] = static_cast<double>(decisions) / static_cast<double>(state.iterations());
}

// ---- A run's world --------------------------------------------------------------
//
// What a hunt pays for a run whatever happens in it: the machine's tables, the scene,
// the oracles, the first thread, and the record.

constexpr std::uint64_t seeds_per_iteration = 100;

void make_a_world_only(Scene&) {}

// A scheduler comes and goes besides, with nothing to do.
void make_a_runtime_only(Scene& scene) {
  rt::Runtime runtime({.procs = 1});
  scene.watch(runtime);
  runtime.run([] {});
  scene.forget();
}

// The same seeds in each iteration: what is compared must have been drawn alike.
void whole_runs(benchmark::State& state, const Workload& workload) {
  Runner runner;
  Plan plan;
  plan.workload = workload.name;
  for (auto _ : state) {
    for (plan.seed = 1; plan.seed <= seeds_per_iteration; ++plan.seed) {
      const Record record = runner.run(plan);
      if (record.failed()) return state.SkipWithError((to_text(*record.failure)).c_str());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(seeds_per_iteration));
}

// The workload with the fewest decisions: to it a world matters most.
Workload smallest_stressor() {
  const auto decisions = [](const Workload& workload) {
    Runner runner;
    Plan plan;
    plan.workload = workload.name;
    std::uint64_t sum = 0;
    for (plan.seed = 1; plan.seed <= seeds_per_iteration; ++plan.seed) sum += runner.run(plan).decisions;
    return sum;
  };
  const auto fewer = [&](const Workload& a, const Workload& b) { return decisions(a) < decisions(b); };
  const std::vector<Workload> all = stressors();
  return *std::min_element(all.begin(), all.end(), fewer);
}

// ---- Small programs -----------------------------------------------------------
//
// Relacy's own mutex and condition variable are parts of it, one decision to a call; ours
// are programs on atomics and futexes, which take more. So Relacy runs both: its own ones,
// and (as .../futexes) these, line by line.
//
// Relacy judges a program by what it asserts, when it asserts it: nobody looks at the program
// from outside between two steps. So here nobody does either, but in .../audited, where a
// judge that finds nothing wrong looks as often as in a hunt.

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

// Every caller holds the lock. As Relacy's, a notification is one decision when nobody waits.
class Condition {
 public:
  // Holds the lock again on return. May return early.
  void wait(Mutex& lock) {
    const std::uint32_t seen = signals_.load(rt::relaxed);
    ++waiting_;
    lock.unlock();
    rt::os::futex_wait(signals_, seen, rt::forever);
    lock.lock();
    --waiting_;
  }
  void notify_one() {
    signals_.fetch_add(1, rt::relaxed);
    if (waiting_ != 0) rt::os::futex_wake(signals_, 1);
  }

 private:
  rt::os::Atomic<std::uint32_t> signals_{0};
  int waiting_ = 0;
};

// Runs body(0) to body(count - 1) at once, and the first of them on the calling thread:
// under Relacy, too, no thread is there only to start the others.
template <int count, class Body>
void together(const Body& body) {
  struct Member {
    const Body* body;
    int number;
    rt::os::Thread thread;
  };
  std::array<Member, count> members;
  for (int i = 1; i < count; ++i) {
    Member& m = members[i];
    m.body = &body;
    m.number = i;
    const auto call = [](void* self) { (*static_cast<Member*>(self)->body)(static_cast<Member*>(self)->number); };
    if (!m.thread.start(call, &m, "crew")) return;
  }
  body(0);
  for (int i = 1; i < count; ++i) members[i].thread.join();
}

bool increments_program() {
  rt::os::Atomic<int> word{0};
  together<2>([&](int) {
    word.fetch_add(1, rt::seq_cst);
    word.fetch_add(1, rt::seq_cst);
  });
  return word.load(rt::relaxed) == 4;
}

bool lock_program() {
  Mutex lock;
  int counter = 0;
  together<3>([&](int) {
    for (int i = 0; i < 10; ++i) {
      lock.lock();
      ++counter;
      lock.unlock();
    }
  });
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
  together<4>([&](int number) {
    for (int i = 0; i < 4; ++i) {
      if (number < 2)
        produce();
      else
        consume();
    }
  });
  return taken == 8;
}

// As hunts do: the length of bursts is drawn for each execution.
const RandomOptions as_hunted = {};
// As Relacy does: every step asks who runs next, and all are equal.
const RandomOptions every_step = {.burst_mean = 1, .skewed = false, .stall_sixteenths = 0};

constexpr std::uint32_t not_audited = 0;
const std::uint32_t audited = MachineOptions().audit_every;

template <bool (*Program)()>
void ours(benchmark::State& state, const RandomOptions& random, std::uint32_t audit_every) {
  Machine machine;
  RecordingJudge judge(machine);
  RandomStrategy strategy(random);
  MachineOptions options;
  options.storm_steps = 1'000'000;
  options.audit_every = audit_every;
  std::uint64_t seed = 0, decisions = 0;
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < executions_per_iteration; ++i) {
      bool right = false;
      strategy.begin(++seed);
      const RunResult result = machine.run(options, strategy, judge, [&right] { right = Program(); });
      if (result.failed() || !right) return state.SkipWithError("the program failed");
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

const Workload worlds[] = {
    {"world_of_nothing", "a run that does nothing", Judges::program, body_of<make_a_world_only>},
    {"world_of_a_runtime", "a runtime that starts and stops", Judges::program, body_of<make_a_runtime_only>}};
const RegisteredWorkload registered[] = {RegisteredWorkload(worlds[0]), RegisteredWorkload(worlds[1])};

std::string world_benchmark(const Workload& workload) { return std::string("BM_Scheduler_world/") + workload.name; }

void register_whole_scheduler(const Workload& smallest) {
  for (const Workload& workload : stressors()) {
    benchmark::RegisterBenchmark(("BM_Scheduler_" + std::string(workload.name)).c_str(),
                                 [workload](benchmark::State& state) { whole_scheduler(state, workload); });
  }
  for (const Workload& workload : {worlds[0], worlds[1], smallest}) {
    benchmark::RegisterBenchmark(world_benchmark(workload).c_str(),
                                 [workload](benchmark::State& state) { whole_runs(state, workload); });
  }
}

void add(const std::string& name, void (*run)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

template <bool (*Program)()>
void add_ours(const std::string& name) {
  using benchmark::State;
  add(name + "/as_hunted", [](State& s) { ours<Program>(s, as_hunted, not_audited); });
  add(name + "/every_step", [](State& s) { ours<Program>(s, every_step, not_audited); });
  add(name + "/as_hunted/audited", [](State& s) { ours<Program>(s, as_hunted, audited); });
  add(name + "/every_step/audited", [](State& s) { ours<Program>(s, every_step, audited); });
}

void register_programs() {
  add_ours<increments_program>("BM_Increments_Jitterbug");
  add_ours<lock_program>("BM_Mutex_Jitterbug");
  add_ours<buffer_program>("BM_Buffer_Jitterbug");
  add("BM_Increments_Relacy", relacy<relacy_increments>);
  add("BM_Mutex_Relacy", relacy<relacy_mutex>);
  add("BM_Mutex_Relacy/futexes", relacy<relacy_mutex_on_futexes>);
  add("BM_Buffer_Relacy", relacy<relacy_buffer>);
  add("BM_Buffer_Relacy/futexes", relacy<relacy_buffer_on_futexes>);
}

int run_all(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const Workload& smallest = smallest_stressor();
  register_whole_scheduler(smallest);
  register_programs();
  RatesReporter rates;
  benchmark::RunSpecifiedBenchmarks(&rates);
  print_all_beside_relacy(rates);
  const std::string whole = world_benchmark(smallest);
  print_share(rates, "\nA world, made and destroyed", world_benchmark(worlds[0]), whole);
  print_share(rates, "The same and an idle runtime", world_benchmark(worlds[1]), whole);
  return rates.failed() ? 1 : 0;
}

}  // namespace
}  // namespace jitterbug

int main(int argc, char** argv) { return jitterbug::run_all(argc, argv); }
