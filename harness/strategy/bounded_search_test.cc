// What a search in order of preemptions promises.

#include "harness/strategy/bounded_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/sim/strategy_testing.h"
#include "harness/sim/testing.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;
using testing::Crew;
using testing::order_of;
using testing::preemptions;
using testing::Program;
using testing::RecordingJudge;

using Order = std::vector<ThreadId>;

Program writers(std::size_t threads, std::size_t writes) {
  return Program(threads, std::vector<Op>(writes, Op{.kind = OpKind::store, .object = 1}));
}

// How often each order was run, up to a bound.
std::map<Order, int> explore(const Program& program, std::uint32_t bound_max) {
  std::map<Order, int> count;
  BoundedSearch search(bound_max);
  std::uint32_t bound = 0;
  while (search.next()) {
    EXPECT_GE(search.bound(), bound) << "schedules come in order of their preemptions";
    bound = search.bound();
    ++count[order_of(search, program)];
  }
  EXPECT_TRUE(search.done());
  return count;
}

// All orders of the program, found without a strategy.
std::vector<Order> all_orders(const Program& program) {
  Order order;
  for (ThreadId t = 0; t < program.size(); ++t) order.insert(order.end(), program[t].size(), t);
  std::vector<Order> all;
  do all.push_back(order);
  while (std::next_permutation(order.begin(), order.end()));
  return all;
}

TEST(BoundedSearch, SeesAllInterleavingsOnce) {
  const auto seen = explore(writers(2, 5), 9);
  EXPECT_EQ(seen.size(), 252u);
  for (const auto& [order, times] : seen) EXPECT_EQ(times, 1);
}

TEST(BoundedSearch, ABoundSeesExactlyTheSchedulesWithinIt) {
  for (const Program& program : {writers(2, 5), writers(3, 3)}) {
    const std::vector<Order> all = all_orders(program);
    for (std::uint32_t bound = 0; bound <= 7; ++bound) {
      std::set<Order> expected;
      for (const Order& order : all) {
        if (preemptions(order) <= bound) expected.insert(order);
      }
      std::set<Order> seen;
      for (const auto& [order, times] : explore(program, bound)) {
        EXPECT_EQ(times, 1);
        seen.insert(order);
      }
      EXPECT_EQ(seen, expected) << "bound " << bound;
    }
  }
}

TEST(BoundedSearch, TheProgramsOwnQuestionsAreTriedToo) {
  BoundedSearch search(0);
  std::multiset<std::uint32_t> answers;
  while (search.next()) {
    const std::uint32_t first = search.choose(Question::program, 3);
    answers.insert(10 * first + search.choose(Question::wake_order, 2));
  }
  EXPECT_EQ(answers, (std::multiset<std::uint32_t>{0, 1, 10, 11, 20, 21}));
}

TEST(BoundedSearch, AFaultCostsAPreemption) {
  for (std::uint32_t bound : {0u, 1u, 2u}) {
    BoundedSearch search(bound);
    std::multiset<std::uint32_t> faults;
    while (search.next()) {
      std::uint32_t count = 0;
      for (int i = 0; i < 2; ++i) count += search.choose(Question::fault, 100) == 0 ? 1 : 0;
      EXPECT_EQ(count, search.bound());
      faults.insert(count);
    }
    EXPECT_EQ(faults.size(), std::vector<std::size_t>({1, 3, 4})[bound]);
  }
}

// A lost update takes one preemption.
TEST(BoundedSearch, OnTheMachineItFindsABugOfOnePreemptionAndRepeatsNothing) {
  Machine machine;
  RecordingJudge judge(machine);
  BoundedSearch search(1);
  Order picked;
  testing::AskEach strategy([&](const Situation& s) {
    const Pick pick = search.pick(s);
    picked.push_back(pick.thread);
    return pick;
  });
  std::set<Order> schedules;
  std::map<std::uint32_t, int> lost;  // by bound
  std::size_t runs = 0;
  while (search.next()) {
    std::uint32_t sum = 0;
    picked.clear();
    const RunResult result = machine.run({}, strategy, judge, [&] {
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      for (int t = 0; t < 2; ++t) {
        crew.start([&] { word.store(word.load(rt::relaxed) + 1, rt::relaxed); });
      }
      crew.join();
      sum = word.load(rt::relaxed);
    });
    EXPECT_FALSE(result.failed()) << sentence_of(result.failure);
    schedules.insert(picked);
    ++runs;
    lost[search.bound()] += sum == 1 ? 1 : 0;
  }
  EXPECT_EQ(schedules.size(), runs);
  EXPECT_EQ(lost[0], 0);
  EXPECT_GT(lost[1], 0);
}

}  // namespace
}  // namespace jitterbug
