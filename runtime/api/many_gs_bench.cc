// What many Gs cost that are parked at the same time.
//
// bazel run -c opt //runtime/api:many_gs_bench
//
// spawn_ns: from the first spawn until all are parked, for each G. end_ns: from the first
// wake until all have ended, for each G. peak_MB: the most memory that the process held.

#include <benchmark/benchmark.h>

#include <memory>

#include "runtime/api/memory_use.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace rt {
namespace {

struct Crowd {
  explicit Crowd(int n) : size(n), gates(std::make_unique<Parker[]>(static_cast<std::size_t>(n))) {}

  const int size;
  std::unique_ptr<Parker[]> gates;
  os::Atomic<int> arrived{0};
  WaitGroup all;
};

void spawn_until_parked(Crowd& crowd) {
  crowd.all.add(crowd.size);
  for (int i = 0; i < crowd.size; ++i) {
    go([c = &crowd, i] {
      c->arrived.fetch_add(1, relaxed);  // statistic
      c->gates[i].park();
      c->all.done();
    });
  }
  while (crowd.arrived.load(relaxed) < crowd.size) yield();  // statistic
}

void wake_until_ended(Crowd& crowd) {
  for (int i = 0; i < crowd.size; ++i) crowd.gates[i].ready();
  crowd.all.wait();
}

void BM_ManyParkedGs(benchmark::State& state) {
  const int gs = static_cast<int>(state.range(0));
  const int procs = static_cast<int>(state.range(1));
  Duration spawning = 0;
  Duration ending = 0;
  memory_use::forget_peak();
  for (auto _ : state) {
    Runtime runtime({.procs = procs});
    runtime.run([&] {
      Crowd crowd(gs);
      const Instant begin = os::now();
      spawn_until_parked(crowd);
      const Instant parked = os::now();
      wake_until_ended(crowd);
      spawning += parked - begin;
      ending += os::now() - parked;
    });
  }
  const double lives = static_cast<double>(state.iterations()) * gs;
  state.counters["spawn_ns"] = static_cast<double>(spawning) / lives;
  state.counters["end_ns"] = static_cast<double>(ending) / lives;
  state.counters["peak_MB"] = static_cast<double>(memory_use::peak()) / (1 << 20);
  state.SetItemsProcessed(state.iterations() * gs);
}
BENCHMARK(BM_ManyParkedGs)
    ->ArgNames({"gs", "procs"})
    ->ArgsProduct({{1'000, 100'000, 1'000'000}, {1, 4}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace rt

BENCHMARK_MAIN();
