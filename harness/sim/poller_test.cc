// Pipes and pollers as a program sees them.

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

#include "harness/sim/testing.h"

namespace jitterbug {
namespace {

using rt::Descriptor;
using rt::PollEvent;
using rt::os::Poller;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct Poll : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options;

  void run(const std::function<void()>& main) {
    const RunResult r = machine.run(options, strategy, judge, main);
    EXPECT_FALSE(r.failed()) << sentence_of(r.failure);
    EXPECT_EQ(judge.misuses, std::vector<std::string>());
  }
};

TEST_F(Poll, APipeIsAStreamOfLimitedSize) {
  run([] {
    Descriptor ends[2];
    ASSERT_EQ(rt::os::pipe_open(ends), 0);
    EXPECT_GE(ends[0], 3);
    std::array<char, 5000> bytes{};
    EXPECT_EQ(rt::os::read(ends[0], bytes.data(), 10), -EAGAIN);
    bytes[4095] = 'z';
    EXPECT_EQ(rt::os::write(ends[1], bytes.data(), 5000), 4096);
    EXPECT_EQ(rt::os::write(ends[1], "x", 1), -EAGAIN);
    EXPECT_EQ(rt::os::read(ends[0], bytes.data(), 4000), 4000);
    EXPECT_EQ(rt::os::write(ends[1], "abc", 3), 3);  // wraps around
    std::array<char, 200> rest{};
    EXPECT_EQ(rt::os::read(ends[0], rest.data(), 200), 99);
    EXPECT_EQ(std::string(&rest[95], 4), "zabc");
  });
}

TEST_F(Poll, AReaderSeesTheEndWhenTheOtherEndIsClosed) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    rt::os::write(ends[1], "x", 1);
    rt::os::close(ends[1]);
    char byte;
    EXPECT_EQ(rt::os::read(ends[0], &byte, 1), 1);
    EXPECT_EQ(rt::os::read(ends[0], &byte, 1), 0);
    rt::os::close(ends[0]);
  });
}

TEST_F(Poll, AnEdgeIsReportedOnce) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    ASSERT_TRUE(poller.add(ends[0], &token));
    PollEvent events[4];
    EXPECT_EQ(poller.wait(events, 4, 0), 0);
    rt::os::write(ends[1], "x", 1);
    ASSERT_EQ(poller.wait(events, 4, 0), 1);
    EXPECT_EQ(events[0].token, &token);
    EXPECT_TRUE(events[0].readable);
    EXPECT_FALSE(events[0].writable);
    EXPECT_EQ(poller.wait(events, 4, 0), 0);
    rt::os::write(ends[1], "x", 1);  // was readable already: no edge
    EXPECT_EQ(poller.wait(events, 4, 0), 0);
    char bytes[8];
    EXPECT_EQ(rt::os::read(ends[0], bytes, 8), 2);
    rt::os::write(ends[1], "x", 1);
    EXPECT_EQ(poller.wait(events, 4, 0), 1);
  });
}

TEST_F(Poll, WhatIsReadyWhenAddedIsReported) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    rt::os::write(ends[1], "x", 1);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int read_token;
    int write_token;
    ASSERT_TRUE(poller.add(ends[0], &read_token));
    ASSERT_TRUE(poller.add(ends[1], &write_token));
    EXPECT_FALSE(poller.add(ends[1], &write_token));
    PollEvent events[4];
    ASSERT_EQ(poller.wait(events, 4, rt::forever), 2);
    EXPECT_EQ(events[0].token, &read_token);
    EXPECT_EQ(events[1].token, &write_token);
    EXPECT_TRUE(events[1].writable);
  });
}

TEST_F(Poll, HangUpsAndRoomAreEdges) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    std::array<char, 4096> bytes{};
    rt::os::write(ends[1], bytes.data(), bytes.size());
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    ASSERT_TRUE(poller.add(ends[1], &token));
    PollEvent events[4];
    EXPECT_EQ(poller.wait(events, 4, 0), 0);
    rt::os::read(ends[0], bytes.data(), 1);
    ASSERT_EQ(poller.wait(events, 4, 0), 1);
    EXPECT_TRUE(events[0].writable);
    rt::os::close(ends[0]);
    ASSERT_EQ(poller.wait(events, 4, 0), 1);
    EXPECT_TRUE(events[0].writable);

    rt::os::pipe_open(ends);
    ASSERT_TRUE(poller.add(ends[0], &token));
    rt::os::close(ends[1]);
    ASSERT_EQ(poller.wait(events, 4, 0), 1);
    EXPECT_TRUE(events[0].readable);
  });
}

TEST_F(Poll, AWaiterIsWokenByAnEdgeAndByNothingElse) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    ASSERT_TRUE(poller.add(ends[0], &token));
    Crew crew;
    crew.start([&] {
      rt::os::sleep(rt::millisecond);
      rt::os::write(ends[1], "x", 1);
    });
    PollEvent events[4];
    const rt::Instant begin = rt::os::now();
    EXPECT_EQ(poller.wait(events, 4, 100 * rt::microsecond), 0);
    const rt::Instant timed_out = rt::os::now();
    EXPECT_GE(timed_out - begin, 100 * rt::microsecond);
    EXPECT_EQ(poller.wait(events, 4, rt::forever), 1);
    const rt::Instant woken = rt::os::now();
    EXPECT_GE(woken - begin, 900 * rt::microsecond);
    EXPECT_LT(woken - begin, 2 * rt::millisecond);
  });
}

TEST_F(Poll, AnEventGoesToOneWaiterAndTheNextToAnother) {
  run([] {
    Descriptor a[2];
    Descriptor b[2];
    rt::os::pipe_open(a);
    rt::os::pipe_open(b);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int tokens[2];
    ASSERT_TRUE(poller.add(a[0], &tokens[0]));
    ASSERT_TRUE(poller.add(b[0], &tokens[1]));
    int reports = 0;
    int empty_handed = 0;
    Crew crew;
    for (int i = 0; i < 3; ++i) {
      crew.start([&] {
        PollEvent event;
        const int n = poller.wait(&event, 1, rt::second);
        reports += n;
        empty_handed += n == 0 ? 1 : 0;
      });
    }
    rt::os::sleep(rt::millisecond);
    rt::os::write(a[1], "x", 1);
    rt::os::write(b[1], "x", 1);
    rt::os::sleep(rt::millisecond);
    EXPECT_EQ(reports, 2);
    EXPECT_EQ(empty_handed, 0);
    crew.join();
    EXPECT_EQ(reports, 2);
    EXPECT_EQ(empty_handed, 1);
  });
}

TEST_F(Poll, TheBreakEventSticksUntilItIsDrained) {
  run([] {
    Poller poller;
    ASSERT_TRUE(poller.open());
    PollEvent events[4];
    poller.wake();
    poller.wake();
    ASSERT_EQ(poller.wait(events, 4, rt::forever), 1);
    EXPECT_EQ(events[0].token, nullptr);
    ASSERT_EQ(poller.wait(events, 4, rt::forever), 1);
    poller.drain();
    EXPECT_EQ(poller.wait(events, 4, 0), 0);

    Crew crew;
    crew.start([&] {
      rt::os::sleep(rt::millisecond);
      poller.wake();
    });
    EXPECT_EQ(poller.wait(events, 4, rt::forever), 1);
  });
}

TEST_F(Poll, RemovedAndClosedDescriptorsReportNothing) {
  run([] {
    Descriptor a[2];
    Descriptor b[2];
    rt::os::pipe_open(a);
    rt::os::pipe_open(b);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    ASSERT_TRUE(poller.add(a[0], &token));
    ASSERT_TRUE(poller.add(b[0], &token));
    rt::os::write(a[1], "x", 1);
    rt::os::write(b[1], "x", 1);
    poller.remove(a[0]);
    rt::os::close(b[0]);
    PollEvent events[4];
    EXPECT_EQ(poller.wait(events, 4, 0), 0);
  });
}

// As in Linux: a call that is under way keeps the poller.
TEST_F(Poll, ClosingAPollerWakesNobodyAndWhoWaitsInItWaitsOn) {
  run([] {
    Descriptor ends[2];
    rt::os::pipe_open(ends);
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    ASSERT_TRUE(poller.add(ends[0], &token));
    bool woken = false;
    Crew crew;
    crew.start([&] {
      PollEvent event{};
      EXPECT_EQ(poller.wait(&event, 1, rt::forever), 1);
      EXPECT_EQ(event.token, &token);
      woken = true;
    });
    rt::os::sleep(rt::millisecond);
    poller.close();
    rt::os::sleep(rt::millisecond);
    EXPECT_FALSE(woken);
    rt::os::write(ends[1], "x", 1);
  });
}

TEST_F(Poll, AWaitInAClosedPollerEndsWithItsTime) {
  run([] {
    Poller poller;
    ASSERT_TRUE(poller.open());
    Crew crew;
    crew.start([&] {
      PollEvent event;
      EXPECT_EQ(poller.wait(&event, 1, 5 * rt::millisecond), 0);
      EXPECT_GE(rt::os::now(), 5 * rt::millisecond);
    });
    rt::os::sleep(rt::millisecond);
    poller.close();
  });
}

TEST_F(Poll, AWaitInAClosedPollerThatWatchesNothingNeverEnds) {
  const RunResult r = machine.run(options, strategy, judge, [] {
    Poller poller;
    ASSERT_TRUE(poller.open());
    Crew crew;
    crew.start([&] {
      PollEvent event;
      poller.wait(&event, 1, rt::forever);
    });
    rt::os::sleep(rt::millisecond);
    poller.close();
  });
  EXPECT_EQ(number_of(r.failure), "O21");
}

}  // namespace
}  // namespace jitterbug
