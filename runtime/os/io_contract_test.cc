// What every flavour of the seam promises about pipes and pollers; see
// os_contract_test.cc for the rest of the contract.

#include <errno.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/os/contract.h"
#include "runtime/os/contract_world.h"

namespace rt {
namespace {

using contract::Running;

// ---- Pipes --------------------------------------------------------------------

struct OpenPipe {
  OpenPipe() { EXPECT_EQ(os::pipe_open(ends), 0); }
  ~OpenPipe() {
    os::close(ends[0]);
    close_writer();
  }
  void close_writer() {
    if (ends[1] >= 0) os::close(ends[1]);
    ends[1] = -1;
  }
  long read(void* to, std::size_t n) const { return os::read(ends[0], to, n); }
  long write(const void* from, std::size_t n) const { return os::write(ends[1], from, n); }

  Descriptor ends[2] = {-1, -1};
};

CONTRACT(APipeHandsOverBytesInOrderAndNeverBlocks) {
  const OpenPipe pipe;
  char buffer[8] = {};
  EXPECT_EQ(pipe.read(buffer, sizeof buffer), -EAGAIN);
  EXPECT_EQ(pipe.write("abc", 3), 3);
  EXPECT_EQ(pipe.write("de", 2), 2);
  EXPECT_EQ(pipe.read(buffer, 4), 4);
  EXPECT_EQ(std::string(buffer, 4), "abcd");
  EXPECT_EQ(pipe.read(buffer, sizeof buffer), 1);
  EXPECT_EQ(buffer[0], 'e');
  EXPECT_EQ(pipe.read(buffer, sizeof buffer), -EAGAIN);
}

CONTRACT(AFullPipeTakesNoMoreUntilSomebodyReads) {
  const OpenPipe pipe;
  const std::string block(4096, 'x');
  long written = 0;
  for (;;) {
    const long n = pipe.write(block.data(), block.size());
    if (n == -EAGAIN) break;
    ASSERT_GT(n, 0);
    written += n;
    ASSERT_LT(written, 1 << 24);
  }
  EXPECT_GT(written, 0);
  std::string received(static_cast<std::size_t>(written), '\0');
  EXPECT_GT(pipe.read(received.data(), received.size()), 0);
  EXPECT_GT(pipe.write(block.data(), block.size()), 0);
}

CONTRACT(AReaderSeesTheEndOnceTheWriterHasClosed) {
  OpenPipe pipe;
  EXPECT_EQ(pipe.write("z", 1), 1);
  pipe.close_writer();
  char buffer[4];
  EXPECT_EQ(pipe.read(buffer, sizeof buffer), 1);
  EXPECT_EQ(pipe.read(buffer, sizeof buffer), 0);
}

// ---- Pollers ------------------------------------------------------------------

struct OpenPoller : os::Poller {
  OpenPoller() { EXPECT_TRUE(open()); }
  ~OpenPoller() { close(); }
};

// Reports until there are none; how many were for `token`.
int reports_for(os::Poller& poller, const void* token) {
  int count = 0;
  PollEvent events[4];
  for (;;) {
    const int n = poller.wait(events, 4, 0);
    if (n == 0) return count;
    for (int i = 0; i < n; ++i) count += events[i].token == token;
  }
}

CONTRACT(ReadinessIsReportedOncePerEdge) {
  const OpenPipe pipe;
  OpenPoller poller;
  int token = 0;
  ASSERT_TRUE(poller.add(pipe.ends[0], &token));
  EXPECT_EQ(reports_for(poller, &token), 0);
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(pipe.write("a", 1), 1);
    PollEvent event{};
    ASSERT_EQ(poller.wait(&event, 1, forever), 1);
    EXPECT_EQ(event.token, &token);
    EXPECT_TRUE(event.readable);
    EXPECT_EQ(reports_for(poller, &token), 0);
    char buffer[4];
    ASSERT_EQ(pipe.read(buffer, sizeof buffer), 1);
    ASSERT_EQ(pipe.read(buffer, sizeof buffer), -EAGAIN);
  }
  poller.remove(pipe.ends[0]);
  ASSERT_EQ(pipe.write("a", 1), 1);
  EXPECT_EQ(reports_for(poller, &token), 0);
}

CONTRACT(WhatIsReadyBeforeItIsAddedIsReported) {
  const OpenPipe pipe;
  OpenPoller poller;
  int reader = 0;
  int writer = 0;
  ASSERT_EQ(pipe.write("a", 1), 1);
  ASSERT_TRUE(poller.add(pipe.ends[0], &reader));
  EXPECT_EQ(reports_for(poller, &reader), 1);
  ASSERT_TRUE(poller.add(pipe.ends[1], &writer));
  PollEvent event{};
  ASSERT_EQ(poller.wait(&event, 1, forever), 1);
  EXPECT_EQ(event.token, &writer);
  EXPECT_TRUE(event.writable);
}

CONTRACT(TheEndOfAStreamIsReadiness) {
  OpenPipe pipe;
  OpenPoller poller;
  int token = 0;
  ASSERT_TRUE(poller.add(pipe.ends[0], &token));
  pipe.close_writer();
  PollEvent event{};
  ASSERT_EQ(poller.wait(&event, 1, forever), 1);
  EXPECT_EQ(event.token, &token);
  EXPECT_TRUE(event.readable);
}

CONTRACT(ABreakEndsTheNextWaitAndIsGoneOnceDrained) {
  OpenPoller poller;
  poller.wake();
  poller.wake();
  PollEvent event{&event, false, false};
  ASSERT_EQ(poller.wait(&event, 1, forever), 1);
  EXPECT_EQ(event.token, nullptr);
  poller.drain();
  EXPECT_EQ(poller.wait(&event, 1, 0), 0);
}

CONTRACT(ABreakEndsAWaitThatIsUnderWay) {
  OpenPoller poller;
  int reports = 0;
  {
    Running waiter([&] {
      PollEvent event{};
      while (reports == 0) reports = poller.wait(&event, 1, forever);
    });
    os::sleep(100 * microsecond);
    poller.wake();
  }
  EXPECT_EQ(reports, 1);
}

CONTRACT(APollEndsWhenItsTimeIsOver) {
  OpenPoller poller;
  PollEvent event{};
  const Instant begin = os::now();
  const int reports = poller.wait(&event, 1, 300 * microsecond);
  const Instant end = os::now();
  EXPECT_EQ(reports, 0);
  EXPECT_GE(end - begin, 300 * microsecond);
}

}  // namespace
}  // namespace rt
