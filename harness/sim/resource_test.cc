// Descriptors, pollers, stacks and threads: what is done to them are steps, and use of one
// that is not there to be used goes to the judge.

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "harness/sim/testing.h"

namespace jitterbug {
namespace {

using rt::Descriptor;
using rt::PollEvent;
using rt::engine::OpKind;
using rt::os::Poller;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

using Sentences = std::vector<std::string>;

struct Resource : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options;

  RunResult run(const std::function<void()>& main) { return machine.run(options, strategy, judge, main); }

  // What the judge is told while the program runs on.
  Sentences misuses_of(const std::function<void()>& main) {
    judge.misuses.clear();
    const RunResult r = run(main);
    EXPECT_FALSE(r.failed()) << sentence_of(r.failure);
    return judge.misuses;
  }
};

struct OpenPipe {
  OpenPipe() { EXPECT_EQ(rt::os::pipe_open(ends), 0); }
  Descriptor ends[2];
};

TEST_F(Resource, WhatIsDoneToOneIsAStep) {
  options.trace_capacity = 100;
  const RunResult r = run([] {
    const OpenPipe pipe;
    Poller poller;
    ASSERT_TRUE(poller.open());
    poller.close();
    rt::os::close(pipe.ends[1]);
    rt::os::stack_release(rt::os::stack_allocate(10'000));
    Crew crew;
    crew.start([] {});
    crew.join();
  });
  std::vector<std::pair<OpKind, rt::engine::ObjectId>> seen;
  for (const TraceStep& step : r.trace) seen.emplace_back(step.op.kind, step.op.object);
  const std::vector<std::pair<OpKind, rt::engine::ObjectId>> expected = {
      {OpKind::file_open, 0},      {OpKind::poll_open, 0},    {OpKind::poll_close, 1},
      {OpKind::file_close, 4},     {OpKind::stack_allocate, 0}, {OpKind::stack_release, 0},
      {OpKind::thread_start, 0},   {OpKind::thread_start, 0}, {OpKind::thread_join, 1},
      {OpKind::thread_exit, 0}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(r.trace.back().thread, 1u);
}

TEST_F(Resource, AStrategyMaySwitchBeforeAThreadEnds) {
  std::vector<int> order;
  testing::AskEach ask([](const Situation& s) {
    for (const Candidate& c : s.runnable) {
      if (c.op.kind != OpKind::thread_exit) return Pick{c.thread, 1};
    }
    return Pick{s.runnable.front().thread, 1};
  });
  const RunResult r = machine.run(options, ask, judge, [&] {
    Crew crew;
    crew.start([&] { order.push_back(1); });
    for (int i = 0; i < 3; ++i) rt::os::fence(rt::relaxed);
    EXPECT_EQ(machine.live_threads("crew"), 1) << "it is about to end";
    order.push_back(0);
  });
  EXPECT_FALSE(r.failed()) << sentence_of(r.failure);
  EXPECT_EQ(order.size(), 2u);
}

TEST_F(Resource, ADescriptorThatIsNotOpenIsUsed) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    rt::os::close(pipe.ends[0]);
    rt::os::close(pipe.ends[1]);
    char byte;
    EXPECT_EQ(rt::os::read(pipe.ends[0], &byte, 1), -EBADF);
    EXPECT_EQ(rt::os::write(pipe.ends[1], "x", 1), -EBADF);
    rt::os::close(pipe.ends[0]);
    EXPECT_EQ(rt::os::read(77, &byte, 1), -EBADF);
    rt::os::close(-1);
  });
  EXPECT_EQ(told, (Sentences{"main#0 reads from descriptor 3, which is closed",
                             "main#0 writes to descriptor 4, which is closed",
                             "main#0 closes descriptor 3, which is closed",
                             "main#0 reads from descriptor 77, which was never opened",
                             "main#0 closes descriptor -1, which was never opened"}));
}

TEST_F(Resource, TheWrongEndOfAPipeIsUsed) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    char byte;
    EXPECT_EQ(rt::os::read(pipe.ends[1], &byte, 1), -EBADF);
    EXPECT_EQ(rt::os::write(pipe.ends[0], "x", 1), -EBADF);
  });
  EXPECT_EQ(told, (Sentences{"main#0 reads from descriptor 4, the end of a pipe that is for writing",
                             "main#0 writes to descriptor 3, the end of a pipe that is for reading"}));
}

// On the machine itself the writer would be killed by SIGPIPE.
TEST_F(Resource, APipeThatNobodyCanReadIsWrittenTo) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    rt::os::close(pipe.ends[0]);
    EXPECT_EQ(rt::os::write(pipe.ends[1], "x", 1), -EPIPE);
  });
  EXPECT_EQ(told, Sentences{"main#0 writes to descriptor 4, a pipe whose other end is closed"});
}

TEST_F(Resource, APollerThatWasNeverOpenedIsUsed) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    Poller poller;
    PollEvent event;
    int token;
    EXPECT_EQ(poller.wait(&event, 1, rt::forever), 0);
    EXPECT_FALSE(poller.add(pipe.ends[0], &token));
    poller.remove(pipe.ends[0]);
    poller.wake();
    poller.drain();
    poller.close();
  });
  EXPECT_EQ(told, (Sentences{"main#0 waits in a poller, which was never opened",
                             "main#0 adds a descriptor to a poller, which was never opened",
                             "main#0 removes a descriptor from a poller, which was never opened",
                             "main#0 wakes a poller, which was never opened",
                             "main#0 drains a poller, which was never opened",
                             "main#0 closes a poller, which was never opened"}));
}

TEST_F(Resource, AClosedPollerIsUsed) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    Poller poller;
    ASSERT_TRUE(poller.open());
    poller.close();
    PollEvent event;
    int token;
    EXPECT_EQ(poller.wait(&event, 1, rt::forever), 0);
    EXPECT_FALSE(poller.add(pipe.ends[0], &token));
    poller.remove(pipe.ends[0]);
    poller.wake();
    poller.drain();
    poller.close();
  });
  EXPECT_EQ(told, (Sentences{"main#0 waits in poller 1, which is closed",
                             "main#0 adds a descriptor to poller 1, which is closed",
                             "main#0 removes a descriptor from poller 1, which is closed",
                             "main#0 wakes poller 1, which is closed", "main#0 drains poller 1, which is closed",
                             "main#0 closes poller 1, which is closed"}));
}

TEST_F(Resource, APollerIsAskedToWatchOrForgetWhatItCannot) {
  const Sentences told = misuses_of([] {
    OpenPipe pipe;
    Poller poller;
    ASSERT_TRUE(poller.open());
    int token;
    poller.remove(pipe.ends[0]);
    ASSERT_TRUE(poller.add(pipe.ends[0], &token));
    rt::os::close(pipe.ends[0]);
    poller.remove(pipe.ends[0]);
    EXPECT_FALSE(poller.add(pipe.ends[0], &token));
  });
  EXPECT_EQ(told, (Sentences{"main#0 removes descriptor 3 from poller 1, which does not watch it",
                             "main#0 has a poller forget descriptor 3, which is closed",
                             "main#0 has a poller watch descriptor 3, which is closed"}));
}

TEST_F(Resource, AStackIsReleasedThatIsNotAllocated) {
  const Sentences told = misuses_of([] {
    const rt::Stack stack = rt::os::stack_allocate(10'000);
    rt::os::stack_release(stack);
    rt::os::stack_release(stack);
    rt::os::stack_release({});
    std::byte bytes[64];
    rt::os::stack_release({bytes, sizeof bytes});
  });
  EXPECT_EQ(told, (Sentences{"main#0 releases a stack that is released already",
                             "main#0 releases a stack that was never allocated",
                             "main#0 releases a stack that was never allocated"}));
}

TEST_F(Resource, AStackFromOutsideOfARunMayBeReleasedInOne) {
  const rt::Stack stack = rt::os::stack_allocate(10'000);
  EXPECT_EQ(misuses_of([&] { rt::os::stack_release(stack); }), Sentences());
}

TEST_F(Resource, AThreadIsJoinedThatIsNotThere) {
  const Sentences told = misuses_of([] {
    rt::os::Thread thread;
    thread.join();
    ASSERT_TRUE(thread.start([](void*) {}, nullptr, "once"));
    thread.join();
    EXPECT_FALSE(thread.joinable());
    thread.join();
  });
  EXPECT_EQ(told, (Sentences{"main#0 joins a thread that was never started",
                             "main#0 joins once#1, which is joined already"}));
}

TEST_F(Resource, TwoThreadsJoinTheSameOne) {
  const Sentences told = misuses_of([] {
    rt::os::Thread slow;
    ASSERT_TRUE(slow.start([](void*) { rt::os::sleep(rt::millisecond); }, nullptr, "slow"));
    Crew crew;
    crew.start([&] { slow.join(); });
    crew.start([&] { slow.join(); });
  });
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(told[0].ends_with(" joins slow#1, which is joined already")) << told[0];
}

// A judge that fails the run ends it where it stands.
TEST_F(Resource, AMisuseMayEndTheRun) {
  class Strict final : public RecordingJudge {
   public:
    explicit Strict(Machine& m) : RecordingJudge(m), machine(m) {}
    void resource_misused(std::string_view sentence) override { machine.fail(OracleId::resource_use, sentence); }
    Machine& machine;
  };
  Strict strict(machine);
  bool survived = false;
  const RunResult r = machine.run(options, strategy, strict, [&] {
    rt::os::close(9);
    survived = true;
  });
  EXPECT_FALSE(survived);
  EXPECT_EQ(number_of(r.failure), "O19");
  EXPECT_EQ(sentence_of(r.failure), "main#0 closes descriptor 9, which was never opened");
}

}  // namespace
}  // namespace jitterbug
