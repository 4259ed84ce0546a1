// What a few explicit preemptions on top of a strategy promise.

#include "harness/strategy/edited.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"
#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;
using testing::Crew;
using testing::RecordingJudge;
using testing::RunOn;

using Edits = std::vector<Edit>;

Edits parsed(std::string_view text) {
  std::string message;
  const auto edits = parse_edits(text, message);
  EXPECT_TRUE(edits) << text << ": " << message;
  return edits.value_or(Edits{});
}

std::string refusal_of(std::string_view text) {
  std::string message;
  EXPECT_FALSE(parse_edits(text, message)) << text;
  return message;
}

// The threads that ran, in order, and the digest.
struct Recorded {
  std::vector<ThreadId> order;
  std::vector<std::uint64_t> steps;  // at which each began
  std::size_t made = 0;
  std::uint64_t digest = 0;
};

// Writes down who runs.
class Observer final : public Strategy {
 public:
  Observer(Strategy& decides, Recorded& out) : decides_(decides), out_(out) {}
  void begin(std::uint64_t seed) override { decides_.begin(seed); }
  Pick pick(const Situation& s) override {
    step_ = s.step;
    return decides_.pick(s);
  }
  std::uint32_t choose(Question q, std::uint32_t n) override { return decides_.choose(q, n); }
  bool watches() const override { return true; }
  void runs(ThreadId thread) override {
    out_.order.push_back(thread);
    out_.steps.push_back(step_);
  }

 private:
  Strategy& decides_;
  Recorded& out_;
  std::uint64_t step_ = 0;
};

// Three threads, each with a race window between two halves of its work.
Recorded run(Strategy& below, const Edits& edits) {
  Machine machine;
  RecordingJudge judge(machine);
  EditedStrategy strategy(below, edits);
  Recorded result;
  Observer observer(strategy, result);
  observer.begin(1);
  const RunResult ended = machine.run({}, observer, judge, [] {
    rt::os::Atomic<std::uint32_t> word{0};
    Crew crew;
    for (int t = 0; t < 3; ++t) {
      crew.start([&] {
        for (int i = 0; i < 20; ++i) word.fetch_add(1, rt::relaxed);
        rt::os::race_window(rt::Window::startm_id_reserve);
        for (int i = 0; i < 20; ++i) word.fetch_add(1, rt::relaxed);
      });
    }
  });
  EXPECT_FALSE(ended.failed()) << sentence_of(ended.failure);
  result.made = strategy.made();
  result.digest = ended.digest;
  return result;
}

Recorded run(const Edits& edits) {
  RunOn below;
  return run(below, edits);
}

TEST(Edits, TextGivesThemBack) {
  rt::Rng rng(1);
  for (int round = 0; round < 5'000; ++round) {
    Edits edits;
    std::uint64_t at = 0;
    for (std::uint32_t n = 1 + rng.below(6); n > 0; --n) {
      Edit edit{at += rng.below(1'000)};
      edit.kind = static_cast<EditKind>(rng.below(3));
      if (edit.kind != EditKind::hold) edit.value = rng.next();
      if (edit.kind != EditKind::windows) edit.length_log2 = rng.below(Edit::hold_log2_max + 1);
      edits.push_back(edit);
    }
    ASSERT_EQ(parsed(to_text(edits)), edits) << to_text(edits);
  }
  EXPECT_EQ(to_text(parsed("120r2x6.340h9.400w51966")), "120r2x6.340h9.400w51966");
}

TEST(Edits, RefusalsNameTheEdit) {
  EXPECT_NE(refusal_of("").find("edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("12h3.").find("edit 2"), std::string::npos);
  EXPECT_NE(refusal_of("12h3.x").find("edit 2"), std::string::npos);
  EXPECT_NE(refusal_of("12h13").find("edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("12r1").find("edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("12r1x13").find("edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("-1h3").find("edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("12h3.11h3").find("edit 2 is due before"), std::string::npos);
  EXPECT_NE(refusal_of("12h3,13h3").find("after edit 1"), std::string::npos);
  EXPECT_NE(refusal_of("99999999999999999999h3").find("edit 1"), std::string::npos);
}

TEST(Edits, NoneLeaveTheRunAsItIs) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStrategy plain, below;
    const Edits none;
    EditedStrategy edited(below, none);
    std::uint64_t digests[2];
    Strategy* strategies[] = {&plain, &edited};
    for (int i = 0; i < 2; ++i) {
      Machine machine;
      RecordingJudge judge(machine);
      strategies[i]->begin(seed);
      digests[i] = machine.run({}, *strategies[i], judge, [] {
        rt::os::Atomic<std::uint32_t> word{0};
        Crew crew;
        for (int t = 0; t < 3; ++t) crew.start([&] { for (int n = 0; n < 30; ++n) word.fetch_add(1, rt::relaxed); });
      }).digest;
    }
    EXPECT_EQ(digests[0], digests[1]);
  }
}

TEST(Edits, WhatIsBeforeAnEditStaysAsItWas) {
  int changed = 0;
  for (std::uint64_t at = 5; at < 100; at += 5) {
    RandomStrategy first, second;
    const Recorded original = run(first, {});
    const Recorded edited = run(second, parsed(std::to_string(at) + "w7"));
    changed += edited.digest != original.digest ? 1 : 0;
    for (std::size_t i = 0; i < original.order.size() && original.steps[i] < at; ++i) {
      ASSERT_LT(i, edited.order.size());
      ASSERT_EQ(edited.order[i], original.order[i]) << "edit at " << at << ", switch " << i;
    }
  }
  EXPECT_GT(changed, 5);
}

// The lowest thread that can run, always.
class LowestFirst final : public RunOn {
 public:
  Pick pick(const Situation& s) override { return {s.runnable.front().thread, 1'000'000}; }
};

// From step 10 on the main thread waits for the others.
TEST(Edits, ARunLastsItsSteps) {
  LowestFirst below;
  const Recorded edited = run(below, parsed("30r2x3"));
  EXPECT_EQ(edited.made, 1u);
  ASSERT_GE(edited.order.size(), 3u);
  EXPECT_EQ(edited.order[1], 3u);
  EXPECT_EQ(edited.steps[1], 30u);
  EXPECT_EQ(edited.order[2], 1u);
  EXPECT_EQ(edited.steps[2], 38u);
}

TEST(Edits, AHoldWaitsForARaceWindow) {
  const Recorded edited = run(parsed("10h12"));
  EXPECT_EQ(edited.made, 1u);
  // The first thread is left in its window and ends last.
  EXPECT_EQ(edited.order, (std::vector<ThreadId>{1, 2, 3, 1, 0}));
}

TEST(Edits, WhereEverybodyIsHeldTheFirstGoesOn) {
  const Recorded edited = run(parsed("1h12.1h12.1h12.1h12.1h12"));
  EXPECT_GE(edited.made, 3u);
}

TEST(Edits, EqualEditsGiveEqualRuns) {
  std::set<std::uint64_t> digests;
  rt::Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    Edits edits;
    std::uint64_t at = 0;
    for (int n = 0; n < 4; ++n) {
      at += rng.below(50);
      switch (rng.below(3)) {
        case 0: edits.push_back({at, EditKind::run, rng.below(4), rng.below(13)}); break;
        case 1: edits.push_back({at, EditKind::hold, 0, rng.below(13)}); break;
        default: edits.push_back({at, EditKind::windows, rng.below(100), 0});
      }
    }
    const std::uint64_t digest = run(edits).digest;
    ASSERT_EQ(digest, run(edits).digest) << to_text(edits);
    digests.insert(digest);
  }
  EXPECT_GT(digests.size(), 100u);
}

}  // namespace
}  // namespace jitterbug
