#include "harness/native/native_script.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "harness/native/perturb.h"
#include "runtime/os/os.h"

namespace jitterbug {
namespace {

namespace os = rt::os;
using rt::Window;

struct Play {
  std::atomic<int> past{0};
  int a = 0, b = 0;  // the place of each in the order of those past their windows
};

void be_a(void* play) {
  os::race_window(Window::note_sticky);
  auto& p = *static_cast<Play*>(play);
  p.a = 1 + p.past.fetch_add(1);
}

void be_b(void* play) {
  auto& p = *static_cast<Play*>(play);
  come_to_mark("start");
  p.b = 1 + p.past.fetch_add(1);
  os::race_window(Window::note_timeout);
}

// Runs a and b, each once, and returns what the stage has to say.
std::string perform(const std::string& text, Play& play) {
  const Script script = Script::parse(text);
  Stage stage(script);
  set_perturbation({});
  follow_script(&stage);
  os::Thread a, b;
  EXPECT_TRUE(a.start(be_a, &play, "a"));
  EXPECT_TRUE(b.start(be_b, &play, "b"));
  a.join();
  b.join();
  follow_script(nullptr);
  clear_perturbation();
  return stage.complaint();
}

TEST(NativeScript, TheOrderIsTheScripts) {
  for (int i = 0; i < 50; ++i) {
    Play b_first, a_first;
    EXPECT_EQ(perform("hold a at note_sticky until b reaches note_timeout", b_first), "");
    EXPECT_EQ(b_first.b, 1);
    EXPECT_EQ(perform("hold b at @start until a passes note_sticky", a_first), "");
    EXPECT_NE(a_first.a, 0);
  }
}

TEST(NativeScript, AScriptThatNobodyCanFollowIsGivenUpInTime) {
  Play play;
  EXPECT_EQ(perform("limit 1 s hold a at note_sticky until b reaches @start:2", play),
            "the script cannot be followed: `hold a at note_sticky until b reaches @start:2` did not end; not seen: b "
            "reaches @start:2 (1 of 2)");
  EXPECT_EQ(play.past.load(), 2);
}

}  // namespace
}  // namespace jitterbug
