#include "harness/native/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "harness/native/native_scene.h"
#include "harness/native/perturb.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace jitterbug {
namespace {

constexpr double patience = 60;

// A workload on a scheduler of its own.
Ended run_scene(const std::function<void(Scene&)>& workload, double hang_seconds = patience) {
  return run_in_child(
      [&](const ToParent& parent) {
        trace_operations(parent.trace);
        set_perturbation({});
        const std::map<std::string, std::int64_t> nothing_fixed;
        NativeScene scene(1, nothing_fixed, parent);
        workload(scene);
        clear_perturbation();
      },
      hang_seconds);
}

void run_main(Scene& scene, const std::function<void()>& main) {
  rt::Runtime runtime({.procs = 2});
  scene.watch(runtime);
  runtime.run(main);
  scene.forget();
}

TEST(Child, ARunThatEndsPasses) {
  const Ended ended = run_scene([](Scene& scene) {
    scene.parameter("size", 7, 7);
    run_main(scene, [&] {
      rt::WaitGroup all;
      all.add(1);
      scene.go([&] { all.done(); });
      all.wait();
      while (scene.ledger.ended.load() == 0) rt::yield();
    });
  });
  EXPECT_FALSE(ended.failure.has_value()) << number_of(ended.failure) << sentence_of(ended.failure) << ended.output;
  EXPECT_EQ(ended.parameters.at("size"), 7);
  EXPECT_TRUE(ended.trace.empty());
}

TEST(Child, WhatTheSceneClaimsIsTold) {
  const Ended ended = run_scene([](Scene& scene) {
    run_main(scene, [&] { scene.expect(false, OracleId::conservation, "a claim\nof two lines"); });
  });
  EXPECT_TRUE(ended.failure.has_value());
  EXPECT_EQ(number_of(ended.failure), "O7");
  EXPECT_EQ(sentence_of(ended.failure), "a claim of two lines");
  EXPECT_FALSE(ended.last_windows.empty());
}

// main waits for a token that nobody has.
Ended run_into_deadlock(bool on_purpose) {
  return run_scene([on_purpose](Scene& scene) {
    scene.ledger.stuck_on_purpose.store(on_purpose);
    run_main(scene, [] { rt::Parker().park(); });
  });
}

TEST(Child, ADeadlockIsAFindingUnlessItIsMeant) {
  EXPECT_FALSE(run_into_deadlock(true).failure.has_value());
  const Ended ended = run_into_deadlock(false);
  EXPECT_TRUE(ended.failure.has_value());
  EXPECT_EQ(number_of(ended.failure), "O1");
  EXPECT_NE(sentence_of(ended.failure).find("all Gs are asleep"), std::string::npos) << sentence_of(ended.failure);
}

TEST(Child, ACrashIsAFinding) {
  const Ended ended = run_in_child([](const ToParent&) { raise(SIGKILL); }, patience);
  EXPECT_TRUE(ended.failure.has_value());
  EXPECT_TRUE(ended.crashed);
  EXPECT_EQ(number_of(ended.failure), "O12");
  EXPECT_EQ(sentence_of(ended.failure), "the process was ended by SIGKILL");
}

bool shows(const Ended& ended, const std::string& what) {
  return std::any_of(ended.trace.begin(), ended.trace.end(),
                     [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

// Nothing in the process has time to say anything.
TEST(Child, ACrashLeavesItsLastOperations) {
  const Ended ended = run_scene([](Scene&) {
    rt::os::race_window(rt::Window::startm_id_reserve);
    raise(SIGKILL);
  });
  EXPECT_EQ(sentence_of(ended.failure), "the process was ended by SIGKILL");
  EXPECT_TRUE(shows(ended, "main#1       window          startm_id_reserve (1.1)"));
  EXPECT_TRUE(shows(ended, "harness/native/child_test.cc:"));
}

TEST(Child, TheLastOperationsHaveTheNamesOfTheirWords) {
  const Ended ended = run_scene([](Scene&) {
    rt::os::Atomic<int> word{0, {"P#.word", 3}};
    word.store(1, rt::release);
    raise(SIGKILL);
  });
  EXPECT_TRUE(shows(ended, "store release   P3.word "));
}

TEST(Child, ANameThatIsNoConstantOfTheProgramIsNoHarm) {
  const Ended ended = run_in_child(
      [](const ToParent& parent) {
        char heap[] = "P#.word";
        const rt::engine::ObjectId object = parent.trace->add_name({heap, 3});
        parent.trace->note(rt::engine::Op{.kind = rt::engine::OpKind::load, .object = object});
        raise(SIGKILL);
      },
      patience);
  EXPECT_TRUE(shows(ended, "load relaxed    #1 "));
}

TEST(Child, ATraceThatWasWrittenOverIsNoHarm) {
  const Ended ended = run_in_child(
      [](const ToParent& parent) {
        std::memset(static_cast<void*>(parent.trace), 0xab, sizeof *parent.trace);
        raise(SIGKILL);
      },
      patience);
  EXPECT_TRUE(shows(ended, "  ?:"));
}

TEST(Child, AHangSaysWhereItHangs) {
  const Ended ended = run_scene(
      [](Scene& scene) {
        run_main(scene, [] {
          for (;;) rt::os::relax();
        });
      },
      1);
  EXPECT_TRUE(ended.failure.has_value());
  EXPECT_EQ(number_of(ended.failure), "O4");
  EXPECT_NE(sentence_of(ended.failure).find("the run does not end; SCHED gomaxprocs=2"), std::string::npos)
      << sentence_of(ended.failure);
  EXPECT_TRUE(shows(ended, "relax        "));
}

TEST(Child, AnExitOfItsOwnIsAFinding) {
  const Ended ended = run_in_child([](const ToParent&) { _exit(9); }, patience);
  EXPECT_TRUE(ended.failure.has_value());
  EXPECT_EQ(sentence_of(ended.failure), "the process exited with status 9");
}

TEST(Child, WhatItPrintedIsKept) {
  const Ended ended = run_in_child(
      [](const ToParent&) {
        for (int i = 0; i < 10'000; ++i) std::fputs("0123456789\n", stderr);
        std::fputs("the end\n", stderr);
      },
      patience);
  EXPECT_FALSE(ended.failure.has_value());
  EXPECT_TRUE(ended.output.ends_with("the end\n"));
  EXPECT_LT(ended.output.size(), 10'000u);
}

}  // namespace
}  // namespace jitterbug
