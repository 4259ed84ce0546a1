// A computation in a process of its own comes to its end whatever its questions do.

#include "harness/campaign/isolate.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

TEST(Isolate, GivesTheResultOfAnotherProcess) {
  const auto pid = [](Journal&) { return std::to_string(getpid()); };
  EXPECT_NE(run_isolated(pid), std::to_string(getpid()));
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(run_isolated([&](Journal& journal) { return journal.ask([&] { return large; }).text; }), large);
  EXPECT_EQ(run_isolated([](Journal&) { return std::string(); }), "");
}

// Ten questions, of which two take the process down.
TEST(Isolate, ACrashIsTheAnswerToItsQuestion) {
  const std::string all = run_isolated([](Journal& journal) {
    std::string answers;
    for (int i = 0; i < 10; ++i) {
      const JournalEntry entry = journal.ask([i] {
        if (i == 3) std::raise(SIGKILL);
        if (i == 7) _exit(5);
        return std::to_string(i);
      });
      answers += (entry.crashed ? "[" + entry.text + "]" : entry.text) + ";";
    }
    return answers;
  });
  EXPECT_EQ(all,
            "0;1;2;[the process was ended by SIGKILL in a run];4;5;6;"
            "[the process exited with status 5 in a run];8;9;");
}

TEST(Isolate, AQuestionThatHangsIsGivenUp) {
  const std::string all = run_isolated(
      [](Journal& journal) {
        const JournalEntry entry = journal.ask([]() -> std::string {
          for (volatile bool forever = true; forever;) {
          }
          return "";
        });
        return entry.crashed ? entry.text : "answered";
      },
      1);
  EXPECT_EQ(all, "a run did not end within 1 s of real time: it loops without a step");
}

TEST(Isolate, WhatIsNotedOutlivesACrash) {
  const auto work = [](Journal& journal) {
    const JournalEntry entry = journal.ask([&]() -> std::string {
      journal.note("one");
      journal.note("two");
      std::abort();
    });
    EXPECT_FALSE(entry.ending.hung);
    return entry.text + ": " + entry.notes + journal.ask([&] { return journal.note("three"), "well"; }).notes;
  };
  EXPECT_EQ(run_isolated(work), "the process was ended by SIGABRT in a run: one\ntwo\n");
}

TEST(Isolate, ErrorsKeepTheirKind) {
  EXPECT_THROW(run_isolated([](Journal&) -> std::string { throw UsageError("u"); }), UsageError);
  EXPECT_THROW(run_isolated([](Journal&) -> std::string { throw ImpossibleError("i"); }), ImpossibleError);
  EXPECT_THROW(run_isolated([](Journal&) -> std::string { throw ToolError("t"); }), ToolError);
  EXPECT_THROW(run_isolated([](Journal&) -> std::string { throw std::runtime_error("r"); }), ToolError);
}

TEST(Isolate, ADeathOutsideOfAQuestionIsAnError) {
  EXPECT_THROW(run_isolated([](Journal&) -> std::string { _exit(4); }), ToolError);
}

}  // namespace
}  // namespace jitterbug
