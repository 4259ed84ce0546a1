// The same seed gives the same run.

#include <gtest/gtest.h>

#include <set>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::os::Atomic;
using testing::Crew;
using testing::RecordingJudge;

// A bit of everything: atomics, futexes, sleeps, time-outs, spins, pipes, choices.
void program() {
  Atomic<std::uint32_t> lock{0};
  Atomic<std::uint32_t> count{0};
  rt::Descriptor ends[2];
  rt::os::pipe_open(ends);
  rt::os::Poller poller;
  if (!poller.open() || !poller.add(ends[0], &lock)) return;
  const auto work = [&] {
    for (int i = 0; i < 4; ++i) {
      for (;;) {
        std::uint32_t expected = 0;
        const bool taken = lock.cas_weak(expected, 1, rt::acquire, rt::relaxed);
        if (taken) break;
        const std::uint32_t way = rt::os::choose(3);
        if (way == 0) rt::os::relax();
        if (way == 1) rt::os::sleep(3 * rt::microsecond);
        if (way == 2) rt::os::futex_wait(lock, 1, 20 * rt::microsecond);
      }
      rt::os::race_window(rt::Window{0});
      count.fetch_add(1, rt::relaxed);
      lock.store(0, rt::release);
      rt::os::futex_wake(lock, 1);
      rt::os::write(ends[1], "x", 1);
    }
  };
  Crew crew;
  for (int t = 0; t < 3; ++t) crew.start(work);
  rt::PollEvent event;
  for (;;) {
    const std::uint32_t done = count.load(rt::relaxed);
    if (done >= 8) break;
    poller.wait(&event, 1, 50 * rt::microsecond);
  }
}

MachineOptions with_faults() {
  MachineOptions options;
  for (std::uint32_t& one_in : options.fault_one_in) one_in = 20;
  options.fault_one_in[static_cast<std::size_t>(rt::engine::Fault::no_thread)] = 0;
  return options;
}

TEST(Determinism, TenThousandSeedsTwiceGiveTheSameDigests) {
  Machine first;
  Machine second;
  RecordingJudge judge(first);
  RecordingJudge other_judge(second);
  RandomStrategy strategy;
  RandomStrategy other_strategy;
  const MachineOptions options = with_faults();
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    strategy.begin(seed);
    const RunResult a = first.run(options, strategy, judge, program);
    ASSERT_FALSE(a.failed()) << "seed " << seed << ": " << sentence_of(a.failure);
    other_strategy.begin(seed);
    const RunResult b = second.run(options, other_strategy, other_judge, program);
    ASSERT_EQ(a.digest, b.digest) << "seed " << seed;
    ASSERT_EQ(a.decisions, b.decisions) << "seed " << seed;
    ASSERT_EQ(a.switches, b.switches) << "seed " << seed;
    digests.insert(a.digest);
  }
  EXPECT_GT(digests.size(), 9'900u);
}

// Under a trace every step gets the machine's attention; without one few do. That
// must not show.
TEST(Determinism, ATraceChangesNothing) {
  Machine machine;
  RecordingJudge judge(machine);
  RandomStrategy strategy;
  MachineOptions options = with_faults();
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    options.trace_capacity = 0;
    strategy.begin(seed);
    const RunResult plain = machine.run(options, strategy, judge, program);
    options.trace_capacity = 10;
    strategy.begin(seed);
    const RunResult traced = machine.run(options, strategy, judge, program);
    ASSERT_EQ(plain.digest, traced.digest) << "seed " << seed;
    ASSERT_EQ(plain.switches, traced.switches) << "seed " << seed;
  }
}

// Every compiler, optimisation level and sanitizer must get the same.
TEST(Determinism, TheDigestIsTheSameInEveryBuild) {
  Machine machine;
  RecordingJudge judge(machine);
  RandomStrategy strategy;
  std::uint64_t all = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    strategy.begin(seed);
    all = all * 31 + machine.run(with_faults(), strategy, judge, program).digest;
  }
  EXPECT_EQ(all, 11440341283862031418u);
}

}  // namespace
}  // namespace jitterbug
