// The life of a run: how it ends, what it reports, what a judge may do.

#include "harness/sim/machine.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::os::Atomic;
using testing::AskEach;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

struct MachineRun : ::testing::Test {
  Machine machine;
  RecordingJudge judge{machine};
  RunOn strategy;
  MachineOptions options;

  RunResult run(const std::function<void()>& main) { return machine.run(options, strategy, judge, main); }
};

TEST_F(MachineRun, EndsWithItsFirstThread) {
  bool survived = false;
  const RunResult r = run([&] {
    static Crew* abandoned;
    abandoned = new Crew;
    abandoned->start([&] {
      rt::os::sleep(rt::second);
      survived = true;
    });
    Atomic<int> word{0};
    word.load(rt::relaxed);
  });
  EXPECT_FALSE(r.failed());
  EXPECT_FALSE(survived);
  EXPECT_EQ(r.decisions, 3u);  // two of the start, one load
  EXPECT_EQ(Machine::current(), nullptr);
}

TEST_F(MachineRun, ADeadWorldIsReported) {
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    crew.start([&] { rt::os::futex_wait(word, 0, rt::forever); });
  });
  EXPECT_TRUE(r.failed());
  EXPECT_EQ(number_of(r.failure), "O21");
}

TEST_F(MachineRun, ALivelockIsReportedWhenTheCalmIsOver) {
  options.storm_steps = 100;
  options.calm_steps = 1'000;
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    for (;;) word.load(rt::relaxed);
  });
  EXPECT_EQ(number_of(r.failure), "O22");
  EXPECT_EQ(r.decisions, 1'100u);
}

TEST_F(MachineRun, TheCalmIsNotOverBeforeASleeperIsDue) {
  options.step_ns = 5;
  options.storm_steps = 100;
  options.calm_steps = 1'000;
  bool awake = false;
  const RunResult r = run([&] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    crew.start([&] {
      rt::os::sleep(3 * rt::millisecond);
      awake = true;
    });
    while (!awake) word.load(rt::relaxed);
    crew.join();
  });
  EXPECT_FALSE(r.failed()) << sentence_of(r.failure);
  EXPECT_GT(r.decisions, 1'100u);
}

TEST_F(MachineRun, ALivelockBesideASleeperIsReported) {
  options.step_ns = 5;
  options.storm_steps = 100;
  options.calm_steps = 1'000;
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    crew.start([] {
      for (;;) rt::os::sleep(rt::millisecond);
    });
    for (;;) word.load(rt::relaxed);
  });
  EXPECT_EQ(number_of(r.failure), "O22");
  EXPECT_LE(r.decisions, 1'100u + 5 * 20'000u);
}

TEST_F(MachineRun, TheCalmIsFairToEverybody) {
  options.storm_steps = 50;
  options.calm_steps = 5'000;
  std::vector<int> rounds(3);
  AskEach unfair([](const Situation& s) { return Pick{s.runnable.front().thread, 1}; });
  machine.run(options, unfair, judge, [&] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    for (std::size_t i = 0; i < 3; ++i) {
      crew.start([&, i] {
        for (;;) {
          word.load(rt::relaxed);
          ++rounds[i];
        }
      });
    }
    for (;;) word.load(rt::relaxed);
  });
  for (int n : rounds) EXPECT_NEAR(n, 1'250, 40);
}

TEST_F(MachineRun, FatalGoesToTheJudge) {
  const RunResult r = run([] { rt::os::fatal(rt::Fatal::deadlock, "all asleep"); });
  EXPECT_EQ(number_of(r.failure), "O20");
  EXPECT_EQ(sentence_of(r.failure), "all asleep");
}

TEST_F(MachineRun, AJudgeThatDoesNotJudgeIsAFinding) {
  struct Silent : RecordingJudge {
    using RecordingJudge::RecordingJudge;
    void world_dead() override {}
  };
  Silent silent(machine);
  const RunResult r = machine.run(options, strategy, silent, [] { rt::os::sleep(rt::forever); });
  EXPECT_EQ(number_of(r.failure), "O23");
}

TEST_F(MachineRun, AThreadMayFailTheRunAndTheFirstFindingCounts) {
  bool went_on = false;
  const RunResult r = run([&] {
    Crew crew;
    crew.start([&] {
      machine.fail(OracleId::conservation, "a G ran twice");
      went_on = true;
    });
    crew.join();
    machine.fail(OracleId::false_deadlock, "too late");
  });
  EXPECT_EQ(number_of(r.failure), "O7");
  EXPECT_EQ(sentence_of(r.failure), "a G ran twice");
  EXPECT_FALSE(went_on);
}

TEST_F(MachineRun, AnAuditMayFailTheRun) {
  Atomic<std::uint32_t>* seen = nullptr;
  judge.on_audit = [&] {
    if (seen != nullptr && seen->load(rt::relaxed) == 40) machine.fail(OracleId::ownership, "forty");
  };
  options.audit_every = 1;
  const RunResult r = run([&] {
    Atomic<std::uint32_t> word{0};
    seen = &word;
    for (int i = 0; i < 100; ++i) word.store(static_cast<std::uint32_t>(i), rt::relaxed);
  });
  EXPECT_EQ(sentence_of(r.failure), "forty");
  EXPECT_EQ(r.decisions, 42u);  // the audit sees the store when the next one is announced
}

TEST_F(MachineRun, AuditsAreEvenlySpacedAndWindowsBringThemCloser) {
  options.audit_every = 10;
  run([] {
    Atomic<std::uint32_t> word{0};
    for (int i = 0; i < 1'000; ++i) word.load(rt::relaxed);
  });
  EXPECT_EQ(judge.audits, 100);
  judge.audits = 0;
  run([] {
    for (int i = 0; i < 1'000; ++i) rt::os::race_window(Window::nextp_before_wake);
  });
  EXPECT_NEAR(judge.audits, 333, 40);
}

TEST_F(MachineRun, NothingAJudgeReadsIsAStep) {
  judge.on_audit = [&] {
    const std::uint64_t before = machine.steps();
    Atomic<std::uint32_t> made_by_the_judge{7};
    EXPECT_EQ(made_by_the_judge.object(), 0u);
    EXPECT_EQ(made_by_the_judge.load(rt::relaxed), 7u);
    rt::os::race_window(Window::nextp_before_wake);
    EXPECT_EQ(rt::os::choose(10), 0u);
    EXPECT_EQ(rt::engine::thread_self(), rt::engine::no_thread);
    EXPECT_EQ(machine.steps(), before);
  };
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0};
    for (int i = 0; i < 100; ++i) word.load(rt::relaxed);
  });
  EXPECT_GT(judge.audits, 0);
  EXPECT_EQ(r.decisions, 100u);
  EXPECT_EQ(r.windows_entered.count(), 0u);
}

TEST_F(MachineRun, WindowsAreEnteredAndSwitchedIn) {
  AskEach alternate([](const Situation& s) {
    for (const Candidate& c : s.runnable) {
      if (c.thread != s.current) return Pick{c.thread, 1};
    }
    return Pick{s.current, 1};
  });
  const RunResult r = machine.run(options, alternate, judge, [&] {
    rt::os::race_window(Window::note_sticky);  // nobody else exists yet
    Crew crew;
    crew.start([] {
      rt::os::race_window(Window::nextp_before_wake);
      rt::os::sleep(rt::second);
    });
    Atomic<std::uint32_t> word{0};
    for (int i = 0; i < 10; ++i) word.load(rt::relaxed);
    machine.fail(OracleId::false_deadlock, "to see the last windows");
  });
  EXPECT_TRUE(r.windows_entered.has(Window::note_sticky));
  EXPECT_FALSE(r.windows_switched.has(Window::note_sticky));
  EXPECT_TRUE(r.windows_entered.has(Window::nextp_before_wake));
  EXPECT_TRUE(r.windows_switched.has(Window::nextp_before_wake));
  EXPECT_FALSE(r.windows_entered.has(Window::park_abort));
  const std::vector<std::pair<std::string, Window>> expected = {{"main#0", Window::note_sticky},
                                                                {"crew#1", Window::nextp_before_wake}};
  EXPECT_EQ(r.last_windows, expected);
}

TEST_F(MachineRun, TheTraceKeepsTheLastStepsAndChangesNothing) {
  const auto program = [] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    crew.start([&] {
      for (int i = 0; i < 30; ++i) word.fetch_add(1, rt::relaxed);
    });
    for (int i = 0; i < 30; ++i) word.load(rt::relaxed);
  };
  RandomStrategy random;
  random.begin(9);
  const RunResult plain = machine.run(options, random, judge, program);
  options.trace_capacity = 5;
  random.begin(9);
  const RunResult traced = machine.run(options, random, judge, program);
  EXPECT_EQ(plain.digest, traced.digest);
  EXPECT_EQ(plain.switches, traced.switches);
  ASSERT_EQ(traced.trace.size(), 5u);
  EXPECT_TRUE(std::is_sorted(traced.trace.begin(), traced.trace.end(),
                             [](const TraceStep& a, const TraceStep& b) { return a.at < b.at; }));
  EXPECT_EQ(traced.trace.back().at, static_cast<rt::Instant>(traced.decisions) * options.step_ns);
}

TEST_F(MachineRun, ATraceKnowsOrdersAndWhatWordsWereCalledThen) {
  options.trace_capacity = 100;
  const RunResult r = run([] {
    Atomic<std::uint32_t> word{0, {"M#.word", 1}};
    Atomic<std::uint32_t> nameless{0};
    word.store(1, rt::release);
    word.name({"M#.word", 2});
    word.load(rt::acquire);
    nameless.fetch_add(1, rt::seq_cst);
    rt::os::futex_wake(word, 1);
  });
  ASSERT_EQ(r.trace.size(), 4u);
  EXPECT_EQ(r.trace[0].op.order, rt::release);
  EXPECT_STREQ(r.trace[0].name.text, "M#.word");
  EXPECT_EQ(r.trace[0].name.number, 1u);
  EXPECT_EQ(r.trace[1].op.order, rt::acquire);
  EXPECT_EQ(r.trace[1].op.object, r.trace[0].op.object) << "a word keeps its number";
  EXPECT_EQ(r.trace[1].name.number, 2u);
  EXPECT_EQ(r.trace[2].op.order, rt::seq_cst);
  EXPECT_EQ(r.trace[2].name.text, nullptr);
  EXPECT_EQ(r.trace[3].name.number, 2u);
}

TEST_F(MachineRun, NamesAreNoPartOfTheDigest) {
  const auto digest = [this](const rt::engine::Name& name) {
    return run([&] { Atomic<std::uint32_t>(0, name).load(rt::relaxed); }).digest;
  };
  EXPECT_EQ(digest({}), digest({"word#", 7}));
}

TEST_F(MachineRun, APeekIsNoStep) {
  const auto decisions = [this](int peeks) {
    return run([peeks] {
             Atomic<std::uint32_t> word{5};
             for (int i = 0; i < peeks; ++i) EXPECT_EQ(word.peek(), 5u);
             word.load(rt::relaxed);
           }).decisions;
  };
  EXPECT_EQ(decisions(0), decisions(10));
}

TEST_F(MachineRun, ALiftedSafeguardIsNoticedWhenItIsReached) {
  options.lifted = rt::Safeguard::needspinning_tested_before_drop;
  const RunResult reached = run([] {
    EXPECT_FALSE(rt::os::upheld(rt::Safeguard::needspinning_tested_before_drop));
    EXPECT_TRUE(rt::os::upheld(rt::Safeguard::put_extra_m_ends_use));
  });
  EXPECT_TRUE(reached.safeguard_reached);
  const RunResult missed = run([] { EXPECT_TRUE(rt::os::upheld(rt::Safeguard::put_extra_m_ends_use)); });
  EXPECT_FALSE(missed.safeguard_reached);
}

TEST_F(MachineRun, OutsideOfARunTheEngineIsInert) {
  Atomic<std::uint32_t> word{3};
  EXPECT_EQ(word.object(), 0u);
  EXPECT_EQ(word.fetch_add(1, rt::relaxed), 3u);
  EXPECT_EQ(rt::os::now(), 0);
  EXPECT_EQ(rt::os::choose(5), 0u);
  EXPECT_TRUE(rt::os::upheld(rt::Safeguard::needspinning_tested_before_drop));
  rt::os::set_slot(&word);
  EXPECT_EQ(rt::os::slot(), nullptr);
  const rt::Stack stack = rt::os::stack_allocate(10'000);
  EXPECT_GE(stack.size, 10'000u);
  stack.low[0] = std::byte{1};
  rt::os::stack_release(stack);
}

TEST_F(MachineRun, AStrategyMayHoldEverybodyBackUntilASleeperWakes) {
  int held_back = 0;
  AskEach strategy([&](const Situation& s) {
    if (s.next_deadline != rt::forever && s.runnable.size() == 1 && s.runnable[0].thread == 0) {
      ++held_back;
      return Pick{rt::engine::no_thread, 1};
    }
    return Pick{s.runnable.back().thread, 1};
  });
  bool slept_first = false;
  machine.run(options, strategy, judge, [&] {
    bool slept = false;
    Crew crew;
    crew.start([&] {
      rt::os::sleep(rt::second);
      slept = true;
    });
    Atomic<std::uint32_t> word{0};
    word.load(rt::relaxed);
    slept_first = slept;
  });
  EXPECT_GT(held_back, 0);
  EXPECT_TRUE(slept_first);
}

TEST_F(MachineRun, AStrategyIsAskedWhereItWantsToStop) {
  int asked_at_a_window = 0;
  AskEach strategy([&](const Situation& s) {
    for (const Candidate& c : s.runnable) {
      if (c.thread == s.current && c.op.kind == rt::engine::OpKind::window) ++asked_at_a_window;
    }
    return Pick{s.current_runnable ? s.current : s.runnable.front().thread, 1'000'000,
                bit_of(rt::engine::OpKind::window)};
  });
  machine.run(options, strategy, judge, [] {
    Atomic<std::uint32_t> word{0};
    Crew crew;
    crew.start([&] { word.load(rt::relaxed); });
    for (int i = 0; i < 20; ++i) {
      word.load(rt::relaxed);
      rt::os::race_window(Window::nextp_before_wake);
    }
  });
  EXPECT_EQ(asked_at_a_window, 20);
}

TEST(MachineDeathTest, AWordFromOutsideCannotBeWaitedOn) {
  EXPECT_DEATH(
      {
        Machine machine;
        RecordingJudge judge(machine);
        RunOn strategy;
        Atomic<std::uint32_t> word{0};
        machine.run({}, strategy, judge, [&] { rt::os::futex_wait(word, 0, rt::forever); });
      },
      "outside of the run");
}

}  // namespace
}  // namespace jitterbug
