// What every flavour of the seam promises, as claims about its behaviour. Compiled
// once per flavour; a body runs in the world of its flavour (contract_world.h).

#include <errno.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <set>
#include <string>

#include "runtime/os/contract.h"
#include "runtime/os/contract_world.h"

namespace rt {
namespace {

constinit os::Atomic<int> constant_initialised{7};

using Word = os::Atomic<std::uint32_t>;

// A thread that runs a callable of its creator, who joins it.
template <class Body>
class Running {
 public:
  explicit Running(Body body) : body_(std::move(body)) {
    EXPECT_TRUE(thread_.start([](void* self) { static_cast<Running*>(self)->body_(); }, this, "contract"));
  }
  ~Running() { thread_.join(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  Body body_;
  os::Thread thread_;
};

// ---- Words --------------------------------------------------------------------

CONTRACT(AWordIsReadyBeforeAnyCodeRuns) {
  const int value = constant_initialised.load(relaxed);
  EXPECT_EQ(value, 7);
}

CONTRACT(ReadModifyWriteReturnsWhatWasThere) {
  os::Atomic<unsigned> word{0b1100};
  EXPECT_EQ(word.fetch_add(3, relaxed), 0b1100u);
  EXPECT_EQ(word.fetch_sub(3, relaxed), 0b1111u);
  EXPECT_EQ(word.fetch_or(0b0011, relaxed), 0b1100u);
  EXPECT_EQ(word.fetch_and(0b0110, relaxed), 0b1111u);
  EXPECT_EQ(word.exchange(1, acq_rel), 0b0110u);
  EXPECT_EQ(word.load(acquire), 1u);
}

CONTRACT(StrongCompareExchangeFailsOnlyOnADifferentValue) {
  os::Atomic<int> word{1};
  int expected = 2;
  EXPECT_FALSE(word.cas_strong(expected, 3, acq_rel, acquire));
  EXPECT_EQ(expected, 1);
  EXPECT_TRUE(word.cas_strong(expected, 3, acq_rel, acquire));
  EXPECT_EQ(word.load(relaxed), 3);
}

CONTRACT(WeakCompareExchangeSucceedsInTheEnd) {
  os::Atomic<int> word{1};
  int expected = 1;
  while (!word.cas_weak(expected, 2, acq_rel, acquire)) EXPECT_EQ(expected, 1);
  EXPECT_EQ(word.load(relaxed), 2);
}

CONTRACT(NoIncrementOfTwoThreadsIsLost) {
  os::Atomic<int> word{0};
  const auto count = [&] {
    for (int i = 0; i < 100; ++i) word.fetch_add(1, relaxed);
  };
  {
    Running other(count);
    count();
  }
  EXPECT_EQ(word.load(relaxed), 200);
}

CONTRACT(AReleasePublishesWhatWasWrittenBefore) {
  os::Atomic<bool> published{false};
  int payload = 0;
  Running writer([&] {
    payload = 42;
    published.store(true, release);
  });
  while (!published.load(acquire)) os::relax();
  EXPECT_EQ(payload, 42);
}

CONTRACT(FencesForbidThatBothSidesMissEachOther) {
  os::Atomic<int> x{0};
  os::Atomic<int> y{0};
  int seen_y = -1;
  int seen_x = -1;
  {
    Running other([&] {
      x.store(1, relaxed);
      os::fence(seq_cst);
      seen_y = y.load(relaxed);
    });
    y.store(1, relaxed);
    os::fence(seq_cst);
    seen_x = x.load(relaxed);
  }
  EXPECT_NE(seen_x + seen_y, 0);
}

// ---- Windows and safeguards ---------------------------------------------------

CONTRACT(EverySafeguardIsUpheldAndEveryWindowMayBePassed) {
  EXPECT_TRUE(os::upheld(Safeguard::become_spinning_clears_request));
  EXPECT_TRUE(os::upheld(Safeguard::needspinning_tested_before_drop));
  os::race_window(Window::startm_id_reserve);
}

// ---- Futexes ------------------------------------------------------------------

CONTRACT(AWaitForAValueThatHasGoneReturnsAtOnce) {
  Word word{1};
  os::futex_wait(word, 0, forever);
}

CONTRACT(AWakeWithoutSleepersWakesNobody) {
  Word word{0};
  EXPECT_EQ(os::futex_wake(word, 1), 0);
}

CONTRACT(AWakeAfterTheChangeEndsTheWait) {
  Word word{0};
  Running sleeper([&] {
    while (word.load(acquire) == 0) os::futex_wait(word, 0, forever);
  });
  word.store(1, release);
  os::futex_wake(word, 1);
}

CONTRACT(AWakeReachesAsManySleepersAsItNames) {
  Word word{0};
  const auto wait = [&] {
    while (word.load(acquire) == 0) os::futex_wait(word, 0, forever);
  };
  Running first(wait);
  Running second(wait);
  Running third(wait);
  word.store(1, release);
  EXPECT_LE(os::futex_wake(word, 2), 2);
  EXPECT_LE(os::futex_wake(word, 3), 3);
}

CONTRACT(AWaitEndsWhenItsTimeIsOver) {
  Word word{0};
  const Duration timeout = 300 * microsecond;
  const Instant begin = os::now();
  os::futex_wait(word, 0, timeout);
  const Instant end = os::now();
  EXPECT_GE(end - begin, timeout);
}

// ---- Threads ------------------------------------------------------------------

CONTRACT(AJoinWaitsForTheEndOfTheThread) {
  bool ran = false;
  os::Thread thread;
  EXPECT_FALSE(thread.joinable());
  ASSERT_TRUE(thread.start([](void* flag) { *static_cast<bool*>(flag) = true; }, &ran, "contract"));
  EXPECT_TRUE(thread.joinable());
  thread.join();
  EXPECT_FALSE(thread.joinable());
  EXPECT_TRUE(ran);
}

CONTRACT(EachThreadHasASlotOfItsOwn) {
  int mine = 0;
  int others = 0;
  os::set_slot(&mine);
  void* at_first = &mine;
  void* after = nullptr;
  {
    Running other([&] {
      at_first = os::slot();
      os::set_slot(&others);
      os::relax();
      after = os::slot();
      os::set_slot(nullptr);
    });
    os::relax();
    EXPECT_EQ(os::slot(), &mine);
  }
  EXPECT_EQ(at_first, nullptr);
  EXPECT_EQ(after, &others);
  EXPECT_EQ(os::slot(), &mine);
  os::set_slot(nullptr);
}

// ---- Time and chance ----------------------------------------------------------

CONTRACT(TheClockNeverGoesBack) {
  Instant last = os::now();
  for (int i = 0; i < 100; ++i) {
    const Instant next = os::now();
    ASSERT_GE(next, last);
    last = next;
  }
}

CONTRACT(ASleepLastsAtLeastAsLongAsAsked) {
  const Instant begin = os::now();
  os::sleep(300 * microsecond);
  const Instant end = os::now();
  EXPECT_GE(end - begin, 300 * microsecond);
}

CONTRACT(AChoiceLiesInItsRangeAndTakesEveryValue) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 200; ++i) {
    const std::uint32_t chosen = os::choose(3);
    ASSERT_LT(chosen, 3u);
    seen.insert(chosen);
  }
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_EQ(os::choose(1), 0u);
}

// ---- Stacks -------------------------------------------------------------------

CONTRACT(StacksAreAsLargeAsAskedAndDoNotOverlap) {
  constexpr std::size_t size = 32 * 1024;
  std::array<Stack, 3> stacks;
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    stacks[i] = os::stack_allocate(size);
    ASSERT_NE(stacks[i].low, nullptr);
    ASSERT_GE(stacks[i].size, size);
    std::memset(stacks[i].low, static_cast<int>(i + 1), stacks[i].size);
  }
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(stacks[i].low[0]), i + 1);
    EXPECT_EQ(static_cast<std::size_t>(stacks[i].high()[-1]), i + 1);
    os::stack_release(stacks[i]);
  }
}

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
