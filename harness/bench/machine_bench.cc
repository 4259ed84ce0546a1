// Speed of the machine itself: two threads on one word, a futex ping-pong, and
// the cost of a run that does next to nothing.

#include <benchmark/benchmark.h>

#include "harness/bench/summary.h"
#include "harness/sim/machine.h"
#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::os::Atomic;
using testing::Crew;
using testing::RecordingJudge;

MachineOptions long_storm() {
  MachineOptions options;
  options.storm_steps = 100'000'000;
  return options;
}

void report(benchmark::State& state, std::uint64_t decisions, std::uint64_t switches) {
  state.counters["decisions/s"] = benchmark::Counter(static_cast<double>(decisions), benchmark::Counter::kIsRate);
  state.counters["switches"] = static_cast<double>(switches) / static_cast<double>(decisions);
  state.SetItemsProcessed(state.iterations());
}

template <class Program>
void run_many(benchmark::State& state, const RandomOptions& random, Program program) {
  Machine machine;
  RecordingJudge judge(machine);
  RandomStrategy strategy(random);
  std::uint64_t decisions = 0;
  std::uint64_t switches = 0;
  std::uint64_t seed = 0;
  for (auto _ : state) {
    strategy.begin(++seed);
    const RunResult r = machine.run(long_storm(), strategy, judge, program);
    if (r.failed()) state.SkipWithError(sentence_of(r.failure).c_str());
    decisions += r.decisions;
    switches += r.switches;
  }
  report(state, decisions, switches);
}

void BM_Machine_SharedWord(benchmark::State& state) {
  run_many(state, {.burst_mean = static_cast<std::uint32_t>(state.range(0))}, [] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    for (int t = 0; t < 2; ++t) {
      crew.start([&] {
        for (int i = 0; i < 50'000; ++i) word.fetch_add(1, rt::relaxed);
      });
    }
  });
}
BENCHMARK(BM_Machine_SharedWord)->ArgName("burst")->Arg(1)->Arg(4)->Arg(16)->Arg(256);

void BM_Machine_Windows(benchmark::State& state) {
  run_many(state, {.burst_mean = 16, .stall_sixteenths = static_cast<std::uint32_t>(state.range(0))}, [] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    for (int t = 0; t < 4; ++t) {
      crew.start([&] {
        for (int i = 0; i < 10'000; ++i) {
          word.fetch_add(1, rt::relaxed);
          word.load(rt::relaxed);
          word.load(rt::relaxed);
          rt::os::race_window(rt::Window::nextp_before_wake);
        }
      });
    }
  });
}
BENCHMARK(BM_Machine_Windows)->ArgName("stall_sixteenths")->Arg(0)->Arg(4);

void BM_Machine_FutexPingPong(benchmark::State& state) {
  run_many(state, {.burst_mean = 16}, [] {
    Atomic<std::uint32_t> turn{0};
    const auto play = [&](std::uint32_t self) {
      for (int i = 0; i < 5'000; ++i) {
        for (;;) {
          const std::uint32_t seen = turn.load(rt::acquire);
          if (seen == self) break;
          rt::os::futex_wait(turn, seen, rt::forever);
        }
        turn.store(1 - self, rt::release);
        rt::os::futex_wake(turn, 1);
      }
    };
    Crew crew;
    crew.start([&] { play(0); });
    crew.start([&] { play(1); });
  });
}
BENCHMARK(BM_Machine_FutexPingPong);

void BM_Machine_ShortRun(benchmark::State& state) {
  run_many(state, {}, [] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    for (int t = 0; t < 2; ++t) {
      crew.start([&] {
        word.fetch_add(1, rt::relaxed);
        word.fetch_add(1, rt::relaxed);
      });
    }
  });
}
BENCHMARK(BM_Machine_ShortRun);

}  // namespace
}  // namespace jitterbug

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  jitterbug::RatesReporter rates;
  benchmark::RunSpecifiedBenchmarks(&rates);
  return rates.failed() ? 1 : 0;
}
