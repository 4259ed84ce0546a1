// What uniform walks promise, and the profiles of runs that they expect.

#include "harness/strategy/uniform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "harness/sim/testing.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using testing::Crew;
using testing::RecordingJudge;

// Two threads write the same word, `writes` times each. `before`: operations that
// concern nobody else, before each write of the second thread.
struct Writers {
  int writes = 5;
  int before = 0;

  // Who wrote, in order.
  std::string run(Strategy& strategy) {
    std::string order;
    machine.run({}, strategy, judge, [&] {
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      for (char name : {'a', 'b'}) {
        crew.start([&, name] {
          rt::os::Atomic<std::uint32_t> own{0};
          for (int i = 0; i < writes; ++i) {
            for (int k = 0; name == 'b' && k < before; ++k) own.store(1, rt::relaxed);
            word.store(1, rt::relaxed);
            order += name;
          }
        });
      }
    });
    return order;
  }

  Pilot pilot() {
    RandomStrategy random;
    PilotRun pilot_run(random);
    pilot_run.begin(1);
    run(pilot_run);
    return pilot_run.seen();
  }

  std::map<std::string, int> orders(Strategy& strategy, int runs) {
    std::map<std::string, int> count;
    for (int seed = 1; seed <= runs; ++seed) {
      strategy.begin(static_cast<std::uint64_t>(seed));
      ++count[run(strategy)];
    }
    return count;
  }

  Machine machine;
  RecordingJudge judge{machine};
};

double chi_square(const std::map<std::string, int>& count, int cells, int runs) {
  const double expected = static_cast<double>(runs) / cells;
  double sum = expected * (cells - static_cast<double>(count.size()));  // orders never seen
  for (const auto& [order, n] : count) sum += (n - expected) * (n - expected) / expected;
  return sum;
}

constexpr int interleavings = 252;  // of two threads with five writes each: 10 over 5
constexpr int runs = 25'200;
constexpr double five_percent_251_degrees = 289;

TEST(Urw, EveryInterleavingIsAsLikelyAsEveryOther) {
  Writers program;
  UniformWalk urw({});
  ASSERT_TRUE(urw.wants_pilot());
  urw.learn(program.pilot());
  const auto count = program.orders(urw, runs);
  EXPECT_EQ(count.size(), static_cast<std::size_t>(interleavings));
  EXPECT_LE(chi_square(count, interleavings, runs), five_percent_251_degrees);
}

TEST(Urw, ARandomWalkFailsTheSameTest) {
  Writers program;
  RandomStrategy random({.burst_mean = 1, .skewed = false, .stall_sixteenths = 0});
  EXPECT_GT(chi_square(program.orders(random, runs), interleavings, runs), 1'000);
}

// Operations that nobody shares have no say in the order of those that are shared.
TEST(Urw, OwnOperationsDoNotCount) {
  Writers program{.before = 8};
  UniformWalk urw({});
  urw.learn(program.pilot());
  const auto count = program.orders(urw, runs);
  EXPECT_EQ(count.size(), static_cast<std::size_t>(interleavings));
  EXPECT_LE(chi_square(count, interleavings, runs), five_percent_251_degrees);
}

// The one shared object is the only one to draw. No race window is entered.
TEST(Surw, IsUniformOverTheEventsDrawn) {
  Writers program{.before = 8};
  UniformWalk surw({.selective = true});
  surw.learn(program.pilot());
  const auto count = program.orders(surw, runs);
  EXPECT_EQ(count.size(), static_cast<std::size_t>(interleavings));
  EXPECT_LE(chi_square(count, interleavings, runs), five_percent_251_degrees);
}

// Two words, and a long way to the second thread's write of each: a walk that
// looks at all events hardly ever sees both late; one that looks at one word does.
TEST(Surw, AFewEventsAreEnoughToFindALateOrder) {
  Machine machine;
  RecordingJudge judge(machine);
  const auto run = [&](Strategy& strategy) {
    std::uint32_t seen = 0;
    machine.run({}, strategy, judge, [&] {
      rt::os::Atomic<std::uint32_t> noise{0};
      rt::os::Atomic<std::uint32_t> word{0};
      Crew crew;
      crew.start([&] {
        for (int i = 0; i < 60; ++i) noise.fetch_add(1, rt::relaxed);
        word.store(1, rt::relaxed);
      });
      crew.start([&] {
        noise.fetch_add(1, rt::relaxed);
        seen = word.load(rt::relaxed);
      });
    });
    return seen;
  };
  RandomStrategy random({.burst_mean = 1, .skewed = false, .stall_sixteenths = 0});
  PilotRun pilot(random);
  pilot.begin(1);
  run(pilot);
  UniformWalk surw({.selective = true});
  surw.learn(pilot.seen());
  int with = 0;
  int without = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    surw.begin(seed);
    with += static_cast<int>(run(surw));
    random.begin(seed);
    without += static_cast<int>(run(random));
  }
  EXPECT_GT(with, 150) << "half of the runs look at the word, and half of those reverse the order";
  EXPECT_LT(without, 10);
}

TEST(Surw, EqualSeedsGiveEqualRuns) {
  Writers program{.before = 3};
  UniformWalk first({.selective = true});
  UniformWalk second({.selective = true});
  const Pilot pilot = program.pilot();
  first.learn(pilot);
  second.learn(pilot);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    first.begin(seed);
    second.begin(seed);
    ASSERT_EQ(program.run(first), program.run(second));
  }
}

// The pilot run knew other threads: everybody counts as the average of the role.
TEST(Urw, ThreadsThatThePilotRunNumberedOtherwiseCountAsTheirRole) {
  Writers program;
  Pilot pilot = program.pilot();
  ASSERT_EQ(pilot.threads.size(), 3u);
  pilot.threads.insert(pilot.threads.begin() + 1, Pilot::Thread{"other", 0, {}});
  pilot.threads.pop_back();
  UniformWalk urw({});
  urw.learn(pilot);
  const auto count = program.orders(urw, 2'000);
  EXPECT_GT(count.size(), 100u);
}

// ---- Profiles ------------------------------------------------------------------

using rt::engine::ObjectId;
using rt::engine::OpKind;

Pilot::Thread thread_of(const char* role, ThreadId parent, std::initializer_list<std::pair<OpKind, ObjectId>> ops) {
  Pilot::Thread thread{role, parent, {}};
  for (const auto& [kind, object] : ops) thread.operations.push_back({.kind = kind, .object = object});
  return thread;
}

// Word 1: written by one and read by the other. Word 2: read by both. Word 3: of one thread.
Pilot two_threads() {
  Pilot run;
  run.threads = {thread_of("main", 0, {{OpKind::store, 1}, {OpKind::load, 2}, {OpKind::store, 1}, {OpKind::rmw, 3}}),
                 thread_of("crew", 0, {{OpKind::load, 2}, {OpKind::load, 1}, {OpKind::fence, 0}})};
  run.threads[1].operations.push_back({.kind = OpKind::window, .window = rt::Window::startm_id_reserve});
  return run;
}

TEST(Profile, SharedIsWhatSeveralThreadsUseAndOneWrites) {
  const Profile profile(two_threads());
  EXPECT_EQ(profile.shared, std::vector<Target>{(Target{ObjectKind::word, 1})});
  const auto window = static_cast<std::uint32_t>(rt::Window::startm_id_reserve);
  EXPECT_EQ(profile.windows, std::vector<Target>{(Target{ObjectKind::none, window})});
  ASSERT_EQ(profile.uses.size(), 6u) << "a fence uses nothing";
  EXPECT_EQ(profile.uses[1].target, (Target{ObjectKind::word, 1})) << "after the window";
  EXPECT_EQ(profile.uses[1].thread, 0u);
  EXPECT_EQ(profile.uses[1].times, 2u);
}

TEST(Profile, RunsDifferByThreadsTargetsAndMagnitudes) {
  const Pilot first = two_threads();
  Pilot other = first;
  other.threads[0].operations.push_back({.kind = OpKind::load, .object = 1});
  EXPECT_TRUE(alike(Profile(first), Profile(other))) << "three uses instead of two";
  other.threads[0].operations.push_back({.kind = OpKind::load, .object = 1});
  EXPECT_FALSE(alike(Profile(first), Profile(other))) << "four uses instead of two";
  other = first;
  other.threads[1].operations.push_back({.kind = OpKind::load, .object = 4});
  EXPECT_FALSE(alike(Profile(first), Profile(other))) << "another word";
  other = first;
  other.threads.push_back(thread_of("crew", 0, {}));
  EXPECT_FALSE(alike(Profile(first), Profile(other))) << "another thread";
}

}  // namespace
}  // namespace jitterbug
