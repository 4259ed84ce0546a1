// The poller, on threads in the place of Gs: each transition of a descriptor's word once,
// the races between who waits and who delivers, and the break.

#include "runtime/poll/netpoll.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"
#include "runtime/goroutine/park.h"
#include "runtime/goroutine/testing.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

constexpr std::uintptr_t none = 0, ready_word = 1, wait_word = 2;

// A poller with one pipe, whose reader waits.
struct Watched {
  Watched() {
    require(os::pipe_open(ends) == 0, "there are descriptors");
    reader = netpoll.open(ends[0]);
    require(reader != nullptr, "the poller takes the descriptor");
  }
  ~Watched() {
    netpoll.close(reader, ends[0]);
    os::close(ends[0]);
    os::close(ends[1]);
  }

  std::uintptr_t word() const { return reader->in.load(acquire); }
  void write() { require(os::write(ends[1], "x", 1) == 1, "the pipe takes a byte"); }
  bool read() {
    char byte;
    return os::read(ends[0], &byte, 1) == 1;
  }
  // How many Gs it has readied.
  int poll(Duration timeout) {
    GQueue list = netpoll.poll(timeout);
    int count = 0;
    for (; G* gp = list.pop_front(); ++count) ready(gp);
    return count;
  }

  Netpoll netpoll;
  Descriptor ends[2] = {-1, -1};
  PollDesc* reader = nullptr;
};

// ---- Each transition ----------------------------------------------------------------

TEST(NetpollSim, NoneToReadyAndBackWithoutAPark) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    ThreadG self(1);
    w.write();
    require(w.poll(0) == 0, "nobody has waited");
    require(w.word() == ready_word, "the event is kept");
    w.netpoll.wait(w.reader, Direction::in);
    require(w.word() == none && self.parks == 0 && self.taken_back == 0, "the event is consumed at once");
  });
  EXPECT_EQ(wrong, "");
}

TEST(NetpollSim, NoneToWaitToGToReadyToNone) {
  const std::string wrong = explore(200, {}, [] {
    Watched w;
    G* parked = nullptr;
    Crew crew;
    crew.start([&] {
      ThreadG self(1);
      self.before_commit = [&] {
        require(w.word() == wait_word && w.netpoll.waiters() == 0, "the park is announced and not committed");
        parked = &self;
      };
      w.netpoll.wait(w.reader, Direction::in);
      require(self.parks == 1 && w.word() == none, "the event ended the park, and is consumed");
    });
    while (w.word() <= wait_word) os::yield();
    require(w.word() == reinterpret_cast<std::uintptr_t>(parked), "the word is the G");
    require(w.netpoll.waiters() == 1, "one G waits");
    w.write();
    GQueue list = w.netpoll.poll(0);
    require(list.size() == 1 && list.pop_front() == parked, "the poll gives the G out");
    require(w.word() == ready_word && w.netpoll.waiters() == 0, "the G waits no longer");
    ready(parked);
  });
  EXPECT_EQ(wrong, "");
}

TEST(NetpollSim, WaitToReadyTakesTheParkBack) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    ThreadG self(1);
    self.before_commit = [&] {
      w.write();
      require(w.poll(0) == 0, "a G that has not committed is not given out");
      require(w.word() == ready_word, "the event is kept for it");
    };
    w.netpoll.wait(w.reader, Direction::in);
    require(self.taken_back == 1 && self.parks == 0, "the park is taken back");
    require(w.word() == none && w.netpoll.waiters() == 0, "nothing is left of it");
  });
  EXPECT_EQ(wrong, "");
}

TEST(NetpollSim, DirectionsAreApart) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    PollDesc* writer = w.netpoll.open(w.ends[1]);
    require(w.poll(0) == 0, "nobody waits");
    require(writer->out.load(acquire) == ready_word && writer->in.load(acquire) == none, "an empty pipe is writable");
    require(w.word() == none, "and has nothing to read");
    w.netpoll.close(writer, w.ends[1]);
  });
  EXPECT_EQ(wrong, "");
}

TEST(NetpollSim, ADescriptionIsUsedAgainAndIsFreshThen) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    w.write();
    require(w.poll(0) == 0 && w.word() == ready_word, "the old event is there");
    PollDesc* const old = w.reader;
    w.netpoll.close(w.reader, w.ends[0]);
    require(w.read(), "the byte is taken out");
    w.reader = w.netpoll.open(w.ends[0]);
    require(w.reader == old && w.word() == none, "the same memory, without the old event");
  });
  EXPECT_EQ(wrong, "");
}

TEST(NetpollSim, ADescriptorThatIsNotOpenIsAnErrorOfItsCaller) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    static_cast<void>(w.netpoll.open(99));
  });
  EXPECT_NE(wrong.find("watch descriptor 99, which was never opened"), std::string::npos) << wrong;
}

// ---- The race of who waits with who delivers ----------------------------------------

struct Outcomes {
  int parks = 0;
  int taken_back = 0;
  int spared = 0;
};

constexpr int messages = 4;

void read_all(Watched& w, Outcomes& seen) {
  ThreadG self(1);
  int waits = 0;
  for (int got = 0; got < messages; ++got) {
    for (; !w.read(); ++waits) w.netpoll.wait(w.reader, Direction::in);
  }
  seen.parks += self.parks;
  seen.taken_back += self.taken_back;
  seen.spared += waits - self.parks - self.taken_back;
}

// One writes, one blocks in the poller, two look in passing, one reads.
std::string pass_messages(std::uint64_t runs, Outcomes& seen) {
  return explore(runs, unreliable(4), [&] {
    Watched w;
    bool over = false;
    Crew sleeper, others;
    sleeper.start([&] {
      while (!over) w.poll(forever);
    });
    others.start([&] {
      for (int i = 0; i < messages; ++i) w.write();
    });
    others.start([&] {
      for (int i = 0; i < 3; ++i) w.poll(0);
    });
    others.start([&] { read_all(w, seen); });
    others.join();
    require(w.netpoll.waiters() == 0, "nobody waits in the end");
    over = true;
    w.netpoll.wake();
    sleeper.join();
  });
}

TEST(NetpollSim, EveryEventReachesWhoWaitsForIt) {
  Outcomes seen;
  EXPECT_EQ(pass_messages(5'000, seen), "");
  EXPECT_GT(seen.parks, 0);
  EXPECT_GT(seen.taken_back, 0);
  EXPECT_GT(seen.spared, 0);
}

// Must fail: the edge may have come and gone, with one event for several bytes.
TEST(NetpollSim, WhoWaitsWithoutLookingWaitsForAnEdgeThatIsGone) {
  const std::string wrong = explore(1, {}, [] {
    Watched w;
    ThreadG self(1);
    w.write();
    w.poll(0);
    w.netpoll.wait(w.reader, Direction::in);
    w.netpoll.wait(w.reader, Direction::in);
  });
  EXPECT_EQ(wrong, "seed 1: nobody can run");
}

// Must fail: a G that the poll gives out is readied by its caller, or by nobody.
TEST(NetpollSim, AGThatIsGivenOutAndNotReadiedWaitsForGood) {
  const std::string wrong = explore(200, {}, [] {
    Watched w;
    Crew crew;
    crew.start([&] {
      ThreadG self(1);
      w.netpoll.wait(w.reader, Direction::in);
    });
    while (w.word() <= wait_word) os::yield();
    w.write();
    w.netpoll.poll(0);
  });
  EXPECT_EQ(wrong, "seed 1: nobody can run");
}

// ---- The break ------------------------------------------------------------------------

// One blocks in the poller as often as it is woken. passing: the time-out of one who looks
// in beside it.
std::string break_polls(std::uint64_t runs, Duration passing) {
  return explore(runs, {}, [passing] {
    Watched w;
    constexpr int breaks = 3;
    os::Atomic<int> returned{0};
    Crew sleeper, passer;
    sleeper.start([&] {
      for (int i = 0; i < breaks; ++i) {
        w.poll(forever);
        returned.store(i + 1, relaxed);
      }
    });
    passer.start([&] {
      for (int i = 0; i < 3; ++i) w.poll(passing);
    });
    for (int i = 0; i < breaks; ++i) {
      w.netpoll.wake();
      while (returned.load(relaxed) == i) os::yield();
    }
    passer.join();
    sleeper.join();
  });
}

TEST(NetpollSim, ABreakEndsThePollThatBlocksNowOrNext) { EXPECT_EQ(break_polls(5'000, 0), ""); }

// Must fail: one at a time may block, because who may have been asleep consumes the break.
TEST(NetpollSim, ASecondWhoBlocksTakesTheBreakFromTheFirst) { EXPECT_NE(break_polls(5'000, 1), ""); }

// Must fail.
TEST(NetpollSim, WithoutABreakThePollBlocksForGood) {
  EXPECT_EQ(explore(1, {}, [] {
              Watched w;
              w.poll(forever);
            }),
            "seed 1: nobody can run");
}

// The flag that coalesces and the break it stands for: were one there without the other,
// no later wake would reach the poller.
TEST(NetpollSim, ABreakThatComesWhileAnotherIsConsumedDoesNotDeafenThePoller) {
  const std::string wrong = explore(3'000, {}, [] {
    Watched w;
    bool over = false;
    Crew sleeper, wakers;
    sleeper.start([&] {
      while (!over) w.poll(forever);
    });
    for (int i = 0; i < 3; ++i) wakers.start([&] { w.netpoll.wake(); });
    wakers.join();
    over = true;
    w.netpoll.wake();
    sleeper.join();
  });
  EXPECT_EQ(wrong, "");
}

// One blocks only while somebody waits, so the last one who waits no longer ends that: the
// passer-by who took its event off the poller, or who waits, when its park is taken back.
std::string block_for_waiters(std::uint64_t runs, bool passer_wakes) {
  return explore(runs, unreliable(4), [passer_wakes] {
    Watched w;
    bool over = false;
    Crew sleeper, others;
    sleeper.start([&] {
      while (!over) {
        if (w.netpoll.waiters() != 0) w.poll(forever);
        else os::yield();
      }
    });
    others.start([&] {
      ThreadG self(1);
      w.netpoll.wait(w.reader, Direction::in);
    });
    others.start([&] {
      w.write();
      w.poll(0);
      if (passer_wakes && w.netpoll.waiters() == 0) w.netpoll.wake();
    });
    others.join();
    over = true;
    sleeper.join();
  });
}

TEST(NetpollSim, NobodyBlocksForAWaiterThatIsGone) { EXPECT_EQ(block_for_waiters(3'000, true), ""); }

// Must fail.
TEST(NetpollSim, APasserByThatTakesTheLastEventLeavesTheSleeperAsleep) {
  const std::string wrong = block_for_waiters(3'000, false);
  EXPECT_NE(wrong.find("nobody can run"), std::string::npos) << wrong;
}

TEST(NetpollSim, WakesAreCoalesced) {
  const std::string wrong = explore(2'000, {}, [] {
    Watched w;
    {
      Crew crew;
      for (int i = 0; i < 3; ++i) crew.start([&] { w.netpoll.wake(); });
    }
    w.poll(forever);
    const Instant before = os::now();
    w.poll(10 * microsecond);
    const Instant after = os::now();
    require(after - before >= 10 * microsecond, "three wakes were one break");
    w.netpoll.wake();
    w.poll(forever);
  });
  EXPECT_EQ(wrong, "");
}

}  // namespace
}  // namespace rt
