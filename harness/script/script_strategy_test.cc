#include "harness/script/script_strategy.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"
#include "harness/strategy/random.h"
#include "runtime/os/os.h"

namespace jitterbug {
namespace {

namespace os = rt::os;
using rt::Window;

// The letters of threads a and b, in the order in which they are past their windows;
// and what the stage has to say.
struct Performed {
  std::string order;
  std::string complaint;
};

Performed perform(const std::string& text, std::uint64_t seed) {
  const Script script = Script::parse(text);
  Stage stage(script);
  RandomStrategy random;
  ScriptStrategy strategy(stage, random);
  strategy.begin(seed);
  Machine machine;
  testing::RecordingJudge judge(machine);
  Performed performed;
  machine.run({.storm_steps = 1'000'000}, strategy, judge, [&] {
    testing::Crew crew;
    crew.start([&] {
      os::race_window(Window::note_sticky);
      performed.order += 'a';
      os::relax();
    }, "a");
    crew.start([&] {
      os::sleep(5 * rt::microsecond);
      os::race_window(Window::note_timeout);
      performed.order += 'b';
      os::relax();
    }, "b");
  });
  performed.complaint = stage.complaint();
  return performed;
}

TEST(ScriptStrategy, TheOrderIsTheScriptsUnderEverySeed) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Performed b_first = perform("hold a at note_sticky until b passes note_timeout", seed);
    EXPECT_EQ(b_first.order, "ba") << seed;
    EXPECT_EQ(b_first.complaint, "") << seed;
    const Performed a_first = perform("hold b at note_timeout until a passes note_sticky", seed);
    EXPECT_EQ(a_first.order, "ab") << seed;
    EXPECT_EQ(a_first.complaint, "") << seed;
  }
}

TEST(ScriptStrategy, AScriptThatNobodyCanFollowIsGivenUp) {
  const Performed performed = perform("hold a at note_sticky until b reaches note_timeout:2", 1);
  EXPECT_EQ(performed.order, "ba");
  EXPECT_EQ(performed.complaint,
            "the script cannot be followed: `hold a at note_sticky until b reaches note_timeout:2` did not end; not "
            "seen: b reaches note_timeout:2 (1 of 2)");
}

TEST(ScriptStrategy, AHoldThatNobodyFallsUnderIsReported) {
  const Performed performed = perform("hold c at note_sticky until a reaches note_sticky", 1);
  EXPECT_EQ(performed.complaint,
            "the script cannot be followed: `hold c at note_sticky until a reaches note_sticky` held nobody");
}

}  // namespace
}  // namespace jitterbug
