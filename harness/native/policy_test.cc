#include "harness/native/policy.h"

#include <gtest/gtest.h>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::OpKind;

constexpr std::size_t at(Window w) { return static_cast<std::size_t>(w); }
constexpr std::size_t at(OpKind k) { return noise_windows + static_cast<std::size_t>(k); }

std::string complaint_about(const std::string& text) {
  try {
    NoisePolicy::parse(text);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "";
}

TEST(NoisePolicy, TextRoundTrips) {
  for (const char* text : {"", "startm*=sleep:50us@10%,windows=yield@1/3,budget=20ms", "wakes=sleep:1us..9us",
                           "atomics=spin:500@1/50,locks=none", "swarm", "others=yield,swarm,budget=7us"}) {
    EXPECT_EQ(NoisePolicy::parse(text).to_text(), text);
  }
}

TEST(NoisePolicy, PresetsAreWhatTheySay) {
  for (const NoisePreset& preset : noise_presets()) {
    const NoisePolicy policy = NoisePolicy::parse(preset.name);
    EXPECT_EQ(NoisePolicy::parse(policy.to_text()), policy) << preset.name;
  }
  EXPECT_TRUE(NoisePolicy::parse("").silent());
  EXPECT_TRUE(NoisePolicy::parse("none").silent());
  EXPECT_FALSE(NoisePolicy::parse("atomics=none,windows").silent());
  EXPECT_FALSE(NoisePolicy::parse("swarm").silent());
}

TEST(NoisePolicy, TheFirstRuleThatFitsDecides) {
  const NoisePolicy policy = NoisePolicy::parse("startm*=sleep:50us,windows=yield,parks=spin:9,locks=none");
  EXPECT_EQ(policy.rule_at(at(Window::startm_id_reserve))->action, NoiseAction::sleep);
  EXPECT_EQ(policy.rule_at(at(Window::note_sticky))->action, NoiseAction::yield);
  EXPECT_EQ(policy.rule_at(at(OpKind::futex_wait))->low, 9u);
  EXPECT_EQ(policy.rule_at(at(OpKind::futex_wake)), nullptr);
  EXPECT_EQ(policy.rule_at(noise_locks)->action, NoiseAction::none);
}

TEST(NoisePolicy, GlobsStandForAnyLetters) {
  const NoisePolicy policy = NoisePolicy::parse("*wake*=yield");
  EXPECT_NE(policy.rule_at(at(Window::wake_after_free)), nullptr);
  EXPECT_NE(policy.rule_at(at(Window::nextp_before_wake)), nullptr);
  EXPECT_EQ(policy.rule_at(at(Window::note_sticky)), nullptr);
}

TEST(NoisePolicy, ManyStarsAreNoMoreWorkThanOne) {
  const std::string stars(1'000, '*');
  const NoisePolicy policy = NoisePolicy::parse(stars + "wake_after_free" + stars + "=yield");
  EXPECT_NE(policy.rule_at(at(Window::wake_after_free)), nullptr);
  std::string hopeless;
  for (int i = 0; i < 500; ++i) hopeless += "*s";
  EXPECT_EQ(complaint_about(hopeless + "=yield").rfind("noise '*s*s", 0), 0u);
}

TEST(NoisePolicy, ComplaintsAreOneLineOfText) {
  EXPECT_EQ(complaint_about("win\ndows\x1b[2J=yield"),
            "noise 'win?dows?[2J=yield': no window fits 'win?dows?[2J', and it is no tier");
}

TEST(NoisePolicy, SaysWhatIsWrong) {
  EXPECT_EQ(complaint_about("startm*=sleep:50us,nap"),
            "noise 'nap': is neither a preset (none, windows, parks, locks, all, swarm) nor WHERE=ACTION");
  EXPECT_EQ(complaint_about("nowhere*=yield"), "noise 'nowhere*=yield': no window fits 'nowhere*', and it is no tier");
  EXPECT_EQ(complaint_about("windows=doze"),
            "noise 'windows=doze': 'doze' is not none, yield, spin:TURNS or sleep:TIME");
  EXPECT_EQ(complaint_about("windows=sleep:50"),
            "noise 'windows=sleep:50': sleep takes a time of at most 1000ms: sleep:50us, 1us..9us");
  EXPECT_EQ(complaint_about("windows=sleep:9us..1us"),
            "noise 'windows=sleep:9us..1us': sleep takes a time of at most 1000ms: sleep:50us, 1us..9us");
  EXPECT_EQ(complaint_about("windows=yield@0%"), "noise 'windows=yield@0%': a chance is 1% to 100%, or 1/N");
  EXPECT_EQ(complaint_about("windows=spin:x"), "noise 'windows=spin:x': spin takes a number of turns: spin:500");
  EXPECT_EQ(complaint_about("budget=1h"), "noise 'budget=1h': the budget is a time of at most 1000ms: 20ms, 500us");
}

TEST(NoisePolicy, ASwarmIsAFunctionOfTheSeed) {
  const NoisePolicy swarm = NoisePolicy::parse("swarm");
  EXPECT_EQ(swarm.drawn(7), swarm.drawn(7));
  EXPECT_NE(swarm.drawn(7), swarm.drawn(8));
  EXPECT_EQ(NoisePolicy::parse("windows").drawn(7), NoisePolicy::parse("windows"));
  EXPECT_EQ(NoisePolicy::parse(swarm.drawn(7).to_text()), swarm.drawn(7));
}

TEST(NoiseRule, ChancesAreParts) {
  EXPECT_EQ(NoisePolicy::parse("windows=yield").rule_at(0)->chance(), std::uint64_t{1} << 32);
  EXPECT_EQ(NoisePolicy::parse("windows=yield@50%").rule_at(0)->chance(), std::uint64_t{1} << 31);
  EXPECT_EQ(NoisePolicy::parse("windows=yield@1/4").rule_at(0)->chance(), std::uint64_t{1} << 30);
}

}  // namespace
}  // namespace jitterbug
