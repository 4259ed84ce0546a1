// The gate of one token and the group made of it, on threads in the place of Gs: each
// transition once, and their races.

#include "runtime/api/wait_group.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/sim/testing.h"
#include "runtime/goroutine/testing.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

// ---- Parker: each transition -----------------------------------------------------

TEST(ParkerSim, ATokenThatIsThereEndsTheParkAtOnce) {
  const std::string wrong = explore(1, {}, [] {
    Parker gate;
    ThreadG self(1);
    gate.ready();
    gate.park();
    require(self.parks == 0 && self.taken_back == 0, "the token spares the park");
  });
  EXPECT_EQ(wrong, "");
}

TEST(ParkerSim, AReadyEndsAParkThatIsUnderWay) {
  const std::string wrong = explore(100, unreliable(4), [] {
    Parker gate;
    bool opened = false;
    Crew crew;
    crew.start([&] {
      ThreadG self(1);
      gate.park();
      require(opened, "a park ends by a ready()");
      require(self.parks + self.taken_back <= 1, "one park is enough");
    });
    opened = true;
    gate.ready();
  });
  EXPECT_EQ(wrong, "");
}

TEST(ParkerSim, ATokenThatComesBeforeTheCommitTakesTheParkBack) {
  const std::string wrong = explore(1, {}, [] {
    Parker gate;
    ThreadG self(1);
    self.before_commit = [&] { gate.ready(); };
    gate.park();
    require(self.taken_back == 1 && self.parks == 0, "the park is taken back");
  });
  EXPECT_EQ(wrong, "");
}

// Each of these must fail: a token is there once, whoever consumed it.
TEST(ParkerSim, ASecondTokenIsLost) {
  EXPECT_EQ(explore(1, {}, [] {
              Parker gate;
              ThreadG self(1);
              gate.ready();
              gate.ready();
              gate.park();
              gate.park();
            }),
            "seed 1: nobody can run");
}

TEST(ParkerSim, AParkThatIsTakenBackConsumesTheToken) {
  EXPECT_EQ(explore(1, {}, [] {
              Parker gate;
              ThreadG self(1);
              self.before_commit = [&] { gate.ready(); };
              gate.park();
              self.before_commit = nullptr;
              gate.park();
            }),
            "seed 1: nobody can run");
}

TEST(ParkerSim, NobodyParksForGoodUnseen) {
  EXPECT_EQ(explore(1, {}, [] {
              Parker gate;
              ThreadG self(1);
              gate.park();
            }),
            "seed 1: nobody can run");
}

// ---- Parker: the race --------------------------------------------------------------

struct Outcomes {
  int parks = 0;
  int taken_back = 0;
  int spared = 0;
};

// A consumer that parks while the box is as it was, and a producer that fills the box and
// readies. first: it does so before it fills the box, too; then: after it.
std::string exchange_boxes(std::uint64_t runs, bool first, bool then, Outcomes& seen) {
  return explore(runs, unreliable(4), [&, first, then] {
    constexpr int rounds = 4;
    Parker gate;
    os::Atomic<int> box{0};
    Crew crew;
    crew.start([&] {
      ThreadG self(1);
      int calls = 0;
      for (int had = 0; had < rounds; had = box.load(relaxed)) {
        while (box.load(relaxed) == had) {
          gate.park();
          ++calls;
        }
      }
      seen.parks += self.parks;
      seen.taken_back += self.taken_back;
      seen.spared += calls - self.parks - self.taken_back;
    });
    for (int i = 1; i <= rounds; ++i) {
      if (first) gate.ready();
      box.store(i, relaxed);
      if (then) gate.ready();
    }
  });
}

TEST(ParkerSim, ATokenThatComesWhileAnotherIsConsumedIsKept) {
  Outcomes seen;
  EXPECT_EQ(exchange_boxes(5'000, true, true, seen), "");
  EXPECT_GT(seen.parks, 0);
  EXPECT_GT(seen.taken_back, 0);
  EXPECT_GT(seen.spared, 0);
}

// Must fail: the consumer looks into the box, and nobody readies it after it was filled.
TEST(ParkerSim, AReadyBeforeTheBoxIsFilledIsNotEnough) {
  Outcomes seen;
  const std::string wrong = exchange_boxes(2'000, true, false, seen);
  EXPECT_NE(wrong.find("nobody can run"), std::string::npos) << wrong;
}

// ---- WaitGroup -----------------------------------------------------------------------

TEST(WaitGroupSim, NothingUnderWayIsNotWaitedFor) {
  const std::string wrong = explore(1, {}, [] {
    WaitGroup group;
    ThreadG self(1);
    group.wait();
    group.add(2);
    group.done();
    group.done();
    group.wait();
    require(self.parks == 0 && self.taken_back == 0, "no wait parks");
  });
  EXPECT_EQ(wrong, "");
}

// The waiter destroys the group, which is on the heap for AddressSanitizer's sake.
TEST(WaitGroupSim, EndsWithTheLastOneWhoMayNotTouchItAfterwards) {
  int parked = 0;
  int in_time = 0;
  const std::string wrong = explore(3'000, unreliable(4), [&] {
    auto group = std::make_unique<WaitGroup>();
    int done = 0;
    constexpr int workers = 3;
    group->add(workers);
    Crew crew;
    for (int i = 0; i < workers; ++i) {
      crew.start([&done, work = group.get()] {
        ++done;
        work->done();
      });
    }
    ThreadG self(1);
    group->wait();
    group.reset();
    require(done == workers, "a wait ends when all work is done");
    if (self.parks != 0) ++parked;
    else ++in_time;
  });
  EXPECT_EQ(wrong, "");
  EXPECT_GT(parked, 0);
  EXPECT_GT(in_time, 0);
}

TEST(WaitGroupSim, CanBeWaitedForAgain) {
  const std::string wrong = explore(500, unreliable(4), [] {
    WaitGroup group;
    ThreadG self(1);
    for (int round = 0; round < 3; ++round) {
      group.add(1);
      Crew crew;
      crew.start([&] { group.done(); });
      group.wait();
    }
  });
  EXPECT_EQ(wrong, "");
}

// Each of these must fail.
TEST(WaitGroupSim, OneDoneTooFewIsWaitedForForGood) {
  EXPECT_EQ(explore(1, {}, [] {
              WaitGroup group;
              ThreadG self(1);
              group.add(2);
              group.done();
              group.wait();
            }),
            "seed 1: nobody can run");
}

TEST(WaitGroupSim, OneDoneTooManyIsRefused) {
  const std::string wrong = explore(1, {}, [] { WaitGroup().done(); });
  EXPECT_NE(wrong.find("work under way"), std::string::npos) << wrong;
}

TEST(WaitGroupSim, ASecondWaiterIsRefused) {
  const std::string wrong = explore(1, {}, [] {
    WaitGroup group;
    group.add(1);
    Crew crew;
    for (int i = 1; i <= 2; ++i) {
      crew.start([&group, i] {
        ThreadG self(i);
        group.wait();
      });
    }
  });
  EXPECT_NE(wrong.find("one G waits at a time"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
