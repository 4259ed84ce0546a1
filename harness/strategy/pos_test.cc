// What partial order sampling promises.

#include "harness/strategy/pos.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/sim/strategy_testing.h"
#include "harness/sim/testing.h"
#include "harness/strategy/conflict.h"

namespace jitterbug {
namespace {

using rt::engine::ObjectId;
using rt::engine::OpKind;
using testing::Crew;
using testing::order_of;
using testing::Program;
using testing::RecordingJudge;

Op store(ObjectId object) { return Op{.kind = OpKind::store, .object = object}; }
Op load(ObjectId object) { return Op{.kind = OpKind::load, .object = object}; }

// Where the one operation of thread 0 falls among those of thread 1, in `runs` runs.
std::vector<double> positions(const Program& program, int runs) {
  std::vector<double> count(program[1].size() + 1);
  for (int seed = 1; seed <= runs; ++seed) {
    PosStrategy pos;
    pos.begin(static_cast<std::uint64_t>(seed));
    const std::vector<ThreadId> steps = order_of(pos, program);
    ++count[static_cast<std::size_t>(std::find(steps.begin(), steps.end(), 0u) - steps.begin())];
  }
  return count;
}

double chi_square(const std::vector<double>& seen, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    sum += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
  }
  return sum;
}

constexpr double five_percent_9_degrees = 16.92;
constexpr double five_percent_5_degrees = 11.07;

// Nine independent operations: thread 0's one is held back behind i of them with
// probability 1/(i+1) - 1/(i+2), and behind all of them with 1/10. A random walk
// holds it back behind all with 1/512.
TEST(Pos, AnOperationCanBeHeldBackBehindManyIndependentOnes) {
  constexpr int runs = 20'000;
  std::vector<Op> others(9, load(2));
  std::vector<double> expected;
  for (int i = 0; i < 9; ++i) expected.push_back(runs * (1.0 / (i + 1) - 1.0 / (i + 2)));
  expected.push_back(runs / 10.0);
  const std::vector<double> seen = positions({{store(1)}, others}, runs);
  EXPECT_LE(chi_square(seen, expected), five_percent_9_degrees);
}

// Operations that conflict: each time thread 0's one waits it gets another chance,
// so that each of thread 1's passes it with probability 1/2.
TEST(Pos, EachConflictIsDecidedAnew) {
  constexpr int runs = 20'000;
  std::vector<double> expected;
  for (int i = 0; i < 5; ++i) expected.push_back(runs * std::pow(0.5, i + 1));
  expected.push_back(runs * std::pow(0.5, 5));
  const std::vector<double> seen = positions({{store(1)}, std::vector<Op>(5, load(1))}, runs);
  EXPECT_LE(chi_square(seen, expected), five_percent_5_degrees);
}

// Two threads with the conflicting operation as the last of many: both orders alike.
TEST(Pos, BothOrdersOfAConflictAreAlike) {
  constexpr int runs = 10'000;
  std::vector<Op> first(20, load(2));
  std::vector<Op> second(20, load(3));
  first.push_back(store(1));
  second.push_back(store(1));
  int first_last = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    PosStrategy pos;
    pos.begin(static_cast<std::uint64_t>(seed));
    first_last += order_of(pos, {first, second}).back() == 0 ? 1 : 0;
  }
  EXPECT_LE(chi_square({first_last * 1.0, runs - first_last * 1.0}, {runs / 2.0, runs / 2.0}), 3.84);
}

TEST(Pos, AThreadThatComesBackHasANewPriority) {
  int first = 0;
  constexpr int runs = 2'000;
  for (int seed = 1; seed <= runs; ++seed) {
    PosStrategy pos;
    pos.begin(static_cast<std::uint64_t>(seed));
    std::vector<Candidate> candidates = {{0, load(1)}, {1, load(2)}};
    Situation s{};
    s.runnable = candidates;
    if (pos.pick(s).thread != 0) continue;
    candidates = {{0, load(1)}, {2, load(3)}};  // thread 1, which has lost, waits
    s.runnable = candidates;
    pos.pick(s);
    candidates = {{1, load(2)}, {3, load(4)}};  // it is back, against a thread that is new
    s.runnable = candidates;
    first += pos.pick(s).thread == 1 ? 1 : -1;
  }
  EXPECT_NEAR(first, 0, 100);
}

TEST(Pos, EqualSeedsGiveEqualRunsOnTheMachine) {
  Machine machine;
  RecordingJudge judge(machine);
  const auto digest = [&](std::uint64_t seed) {
    PosStrategy pos;
    pos.begin(seed);
    const RunResult result = machine.run({}, pos, judge, [] {
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      for (int t = 0; t < 3; ++t) {
        crew.start([&] {
          for (int i = 0; i < 20; ++i) word.fetch_add(1, rt::relaxed);
        });
      }
    });
    EXPECT_FALSE(result.failed()) << sentence_of(result.failure);
    return result.digest;
  };
  EXPECT_EQ(digest(3), digest(3));
  EXPECT_NE(digest(3), digest(4));
}

TEST(Conflict, TakesTheSameObjectAndAWrite) {
  const auto op = [](OpKind kind, ObjectId object) { return Op{.kind = kind, .object = object}; };
  EXPECT_TRUE(conflict(op(OpKind::load, 1), op(OpKind::store, 1)));
  EXPECT_TRUE(conflict(op(OpKind::futex_wait, 1), op(OpKind::futex_wake, 1)));
  EXPECT_TRUE(conflict(op(OpKind::poll_wait, 1), op(OpKind::poll_wake, 1)));
  EXPECT_TRUE(conflict(op(OpKind::file_read, 3), op(OpKind::file_write, 4)));
  EXPECT_FALSE(conflict(op(OpKind::file_write, 4), op(OpKind::file_read, 5)));
  EXPECT_FALSE(conflict(op(OpKind::load, 1), op(OpKind::load, 1)));
  EXPECT_FALSE(conflict(op(OpKind::store, 1), op(OpKind::store, 2)));
  EXPECT_FALSE(conflict(op(OpKind::store, 0), op(OpKind::store, 0)));
  EXPECT_FALSE(conflict(op(OpKind::store, 1), op(OpKind::poll_change, 1)));
  EXPECT_FALSE(conflict(op(OpKind::window, 0), op(OpKind::store, 1)));
}

}  // namespace
}  // namespace jitterbug
