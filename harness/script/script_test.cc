#include "harness/script/script.h"

#include <gtest/gtest.h>

#include "harness/base/errors.h"
#include "harness/script/stage.h"

namespace jitterbug {
namespace {

using rt::Window;

constexpr Place a = place_of(Window::note_sticky);
constexpr Place b = place_of(Window::note_timeout);

std::string complaint_about(const std::string& text) {
  try {
    Script::parse(text, "s");
  } catch (const UsageError& e) {
    return e.what();
  }
  return "";
}

TEST(Script, TextRoundTrips) {
  const Script script = Script::parse(
      "# two threads meet\n"
      "limit 3 s\n"
      "hold m at note_sticky:2 after @go\n"
      "     until any passes note_timeout:3 after @go or main reaches @x and main reaches @y:2\n");
  EXPECT_EQ(script.limit(), 3 * rt::second);
  EXPECT_EQ(script.to_text(),
            "hold m at note_sticky:2 after @go until any passes note_timeout:3 after @go or main reaches @x and main "
            "reaches @y:2\nlimit 3 s\n");
  EXPECT_EQ(Script::parse(script.to_text()).to_text(), script.to_text());
}

TEST(Script, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(complaint_about(""), "s:1: the script holds nobody");
  EXPECT_EQ(complaint_about("\nheld m"), "s:2: expected 'hold', not 'held'");
  EXPECT_EQ(complaint_about("hold m at nowhere until m reaches @x"),
            "s:1: unknown window 'nowhere': see jitterbug list windows");
  EXPECT_EQ(complaint_about("hold M! at @x"), "s:1: 'M!' is not the name of a role");
  EXPECT_EQ(complaint_about("hold m at @x\nuntil m meets @y"), "s:2: expected 'reaches' or 'passes', not 'meets'");
  EXPECT_EQ(complaint_about("hold m at @x until m reaches"), "s:1: the line ends where a window or a mark should be");
  EXPECT_EQ(complaint_about("hold m at @x:0 until m reaches @y"),
            "s:1: '@x:0': what follows the colon is not a count from 1");
  EXPECT_EQ(complaint_about("hold m at @x until m reaches @y then"), "s:1: expected 'and' or 'or', not 'then'");
  EXPECT_EQ(complaint_about("limit soon s"), "s:1: limit 'soon' is not a number of seconds");
  EXPECT_EQ(complaint_about("hold m at @ until m reaches @y"), "s:1: '@' is not a mark: @name");
}

TEST(Stage, HoldsTheFirstThreadUntilAnotherHasBeenElsewhere) {
  const Script script = Script::parse("hold m at note_sticky until main reaches note_timeout");
  const RoleNumber m = script.role("m"), main = script.role("main");
  Stage stage(script);
  EXPECT_EQ(stage.arrive(1, main, a), Stage::none);
  const int hold = stage.arrive(2, m, a);
  ASSERT_NE(hold, Stage::none);
  EXPECT_EQ(stage.arrive(3, m, a), Stage::none);  // only the first
  EXPECT_FALSE(stage.open(hold));
  EXPECT_FALSE(stage.complete());
  stage.arrive(1, main, b);
  EXPECT_TRUE(stage.open(hold));
  stage.leave(2, m, a, hold);
  EXPECT_TRUE(stage.complete());
  EXPECT_EQ(stage.complaint(), "");
}

TEST(Stage, PassingIsLeaving) {
  const Script script = Script::parse("hold m at note_sticky until main passes note_timeout");
  Stage stage(script);
  const int hold = stage.arrive(2, script.role("m"), a);
  stage.arrive(1, script.role("main"), b);
  EXPECT_FALSE(stage.open(hold));
  stage.leave(1, script.role("main"), b, Stage::none);
  EXPECT_TRUE(stage.open(hold));
}

TEST(Stage, NobodyEndsHisOwnHold) {
  const Script script = Script::parse("hold any at note_sticky until any reaches note_timeout");
  Stage stage(script);
  stage.arrive(1, no_role, b);
  const int hold = stage.arrive(1, no_role, a);
  EXPECT_FALSE(stage.open(hold));
  stage.arrive(2, no_role, b);
  EXPECT_TRUE(stage.open(hold));
}

TEST(Stage, CountsFromTheMark) {
  const Script script = Script::parse(
      "hold m at note_sticky:2 after @go until main reaches note_timeout after @go and main reaches @end or "
      "main reaches @stop");
  const RoleNumber m = script.role("m"), main = script.role("main");
  Stage stage(script);
  EXPECT_EQ(stage.arrive(2, m, a), Stage::none);
  stage.arrive(1, main, b);
  stage.arrive(1, main, script.mark("go"));
  EXPECT_EQ(stage.arrive(2, m, a), Stage::none);
  const int hold = stage.arrive(3, m, a);
  ASSERT_NE(hold, Stage::none);
  stage.arrive(1, main, script.mark("stop"));
  EXPECT_FALSE(stage.open(hold));
  stage.arrive(1, main, b);
  EXPECT_TRUE(stage.open(hold));
}

TEST(Stage, AScriptThatCannotBeFollowedSaysWhere) {
  const Script script = Script::parse(
      "hold m at note_sticky until main reaches note_timeout:2\nhold main at @x until m reaches @y");
  Stage stage(script);
  const int hold = stage.arrive(2, script.role("m"), a);
  stage.arrive(1, script.role("main"), b);
  stage.give_up(hold);
  EXPECT_TRUE(stage.open(hold));
  EXPECT_EQ(stage.complaint(),
            "the script cannot be followed: `hold m at note_sticky until main reaches note_timeout:2` did not end; "
            "not seen: main reaches note_timeout:2 (1 of 2); `hold main at @x until m reaches @y` held nobody");
}

}  // namespace
}  // namespace jitterbug
