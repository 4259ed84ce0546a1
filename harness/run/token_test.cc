#include "harness/run/token.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

std::string name_from(rt::Rng& rng) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view rest = "abcxyzABC0189_";
  std::string name(1, letters[rng.below(letters.size())]);
  for (std::uint32_t n = rng.below(12); n > 0; --n) name += rest[rng.below(rest.size())];
  return name;
}

Plan plan_from(std::uint64_t seed) {
  rt::Rng rng(seed);
  Plan plan;
  plan.workload = name_from(rng);
  plan.strategy = name_from(rng);
  plan.seed = rng.next() >> rng.below(64);
  if (rng.one_in(2)) plan.storm_steps = 1 + rng.below(100'000);
  if (rng.one_in(2)) plan.calm_steps = 1 + rng.below(100'000);
  if (rng.one_in(2)) plan.lifted = name_from(rng);
  if (rng.one_in(4)) plan.flavour = "instrumented";
  for (std::uint64_t n = rng.below(4), at = 0; n > 0; --n) {
    plan.edits.push_back({at += rng.below(500), EditKind::windows, rng.next(), 0});
    plan.edits.push_back({at += rng.below(500), EditKind::hold, 0, rng.below(Edit::hold_log2_max + 1)});
  }
  for (std::uint32_t n = rng.below(4); n > 0; --n) {
    const std::string name = name_from(rng);
    if (valid_parameter_name(name)) plan.fixed[name] = static_cast<std::int64_t>(rng.next());
  }
  return plan;
}

Plan sample() {
  Plan plan;
  plan.workload = "syscall_injector";
  plan.seed = 0x1f3c;
  plan.lifted = "S3a";
  plan.fixed = {{"P", 1}};
  return plan;
}

// A token with this text and a checksum that fits it.
std::string sealed(const std::string& text) {
  const TokenError error = parse_token(text + ":check=00000000").error;
  const std::size_t at = error.message.rfind(' ');
  return text + ":check=" + error.message.substr(at + 1);
}

TokenError error_of(const std::string& token) {
  const ParsedToken parsed = parse_token(token);
  EXPECT_FALSE(parsed.plan) << token;
  return parsed.error;
}

TEST(Token, IsReadable) {
  const std::string token = to_token(sample());
  EXPECT_EQ(token.substr(0, token.rfind(':')), "jb1:syscall_injector:random:seed=0x1f3c:lift=S3a:P=1");
}

TEST(Token, GivesThePlanBack) {
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const Plan plan = plan_from(seed);
    const ParsedToken parsed = parse_token(to_token(plan));
    ASSERT_TRUE(parsed.plan) << to_token(plan) << ": " << parsed.error.message;
    ASSERT_EQ(*parsed.plan, plan) << to_token(plan);
  }
}

TEST(Token, KeepsTheExtremesOfNumbers) {
  Plan plan = sample();
  plan.seed = std::numeric_limits<std::uint64_t>::max();
  plan.fixed = {{"a", std::numeric_limits<std::int64_t>::min()}, {"b", std::numeric_limits<std::int64_t>::max()}};
  EXPECT_EQ(parse_token(to_token(plan)).plan, plan);
}

TEST(Token, DifferentPlansHaveDifferentTokens) {
  std::set<std::string> tokens;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Plan plan = sample();
    plan.seed = seed;
    tokens.insert(to_token(plan));
  }
  EXPECT_EQ(tokens.size(), 1'000u);
}

TEST(Token, NoticesEveryChangedCharacter) {
  const std::string token = to_token(sample());
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'0', '9', 'a', 'Z', ':', '=', '_', ' ', '\n', '\0'}) {
      std::string damaged = token;
      damaged[i] = c;
      if (damaged == token) continue;
      EXPECT_FALSE(parse_token(damaged).plan) << damaged;
    }
  }
}

TEST(Token, NoticesEveryCut) {
  const std::string token = to_token(sample());
  for (std::size_t n = 0; n < token.size(); ++n) {
    EXPECT_FALSE(parse_token(token.substr(0, n)).plan) << token.substr(0, n);
    EXPECT_FALSE(parse_token(token.substr(token.size() - n)).plan) << token.substr(token.size() - n);
  }
}

TEST(Token, NoticesSwappedNeighboursAndAppendedText) {
  const std::string token = to_token(sample());
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {
    std::string damaged = token;
    std::swap(damaged[i], damaged[i + 1]);
    if (damaged != token) {
      EXPECT_FALSE(parse_token(damaged).plan) << damaged;
    }
  }
  EXPECT_FALSE(parse_token(token + " ").plan);
  EXPECT_FALSE(parse_token(token + ":").plan);
  EXPECT_FALSE(parse_token(token + token).plan);
}

TEST(Token, ErrorsSayWhatAndWhere) {
  struct Case {
    std::string token;
    std::size_t column;
    std::string part;  // of the message
  };
  const Case cases[] = {
      {"", 1, "starts with jb1:"},
      {"jb2:a:b:seed=1:check=0", 1, "not with 'jb2'"},
      {"jb1", 4, "no stressor and strategy"},
      {"jb1::random:seed=1:check=0", 5, "'' is not the name of a stressor"},
      {"jb1:a-b:random:seed=1:check=0", 5, "'a-b' is not the name of a stressor"},
      {"jb1:a:9:seed=1:check=0", 7, "'9' is not the name of a strategy"},
      {"jb1:a:random:seed=zz:check=0", 14, "seed 'zz' is not an unsigned"},
      {"jb1:a:random:seed=-1:check=0", 14, "seed '-1' is not an unsigned"},
      {"jb1:a:random:seed=0x1ffffffffffffffff:check=0", 14, "is not an unsigned"},
      {"jb1:a:random:P=1:check=0", 18, "seed= is missing"},
      {"jb1:a:random:seed=1:seed=2:check=0", 21, "'seed' appears twice"},
      {"jb1:a:random:seed=1:P=1:P=1:check=0", 25, "'P' appears twice"},
      {"jb1:a:random:seed=1:P:check=0", 21, "'P' is not of the form name=value"},
      {"jb1:a:random:seed=1:P=1.5:check=0", 21, "'1.5' is not a 64-bit number"},
      {"jb1:a:random:seed=1:=5:check=0", 21, "'' is not the name of a parameter"},
      {"jb1:a:random:seed=1:lift=:check=0", 21, "lift '' is not the name of a row"},
      {"jb1:a:random:seed=1:flavour=sour:check=0", 21, "unknown flavour 'sour'"},
      {"jb1:a:random:seed=1:storm=0:check=0", 21, "storm must not be 0"},
      {"jb1:a:random:seed=1:edits=:check=0", 21, "edit 1 is not of the form"},
      {"jb1:a:random:seed=1:edits=3h4.2h4:check=0", 21, "edit 2 is due before"},
      {"jb1:a:random:seed=1", 20, "its last field is not check="},
      {"jb1:a:random:seed=1:check=0", 27, "the token is damaged"},
  };
  for (const Case& c : cases) {
    const TokenError error = error_of(c.token);
    EXPECT_EQ(error.column, c.column) << c.token << ": " << error.message;
    EXPECT_NE(error.message.find(c.part), std::string::npos) << c.token << ": " << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
  }
}

TEST(Token, TakesFieldsInAnyOrder) {
  const std::string token = sealed("jb1:syscall_injector:random:P=1:lift=S3a:seed=7996");
  EXPECT_EQ(parse_token(token).plan, sample());
}

TEST(Token, RefusesWhatIsTooLong) {
  const std::string token = "jb1:a:random:seed=1:x=" + std::string(100'000, '1');
  EXPECT_NE(error_of(token).message.find("longer than"), std::string::npos);
}

TEST(Token, SurvivesArbitraryBytes) {
  rt::Rng rng(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = rng.one_in(2) ? "jb1:" : "";
    for (std::uint32_t n = rng.below(40); n > 0; --n) text += static_cast<char>(rng.below(256));
    const ParsedToken parsed = parse_token(text);
    ASSERT_FALSE(parsed.plan);
    ASSERT_GE(parsed.error.column, 1u);
    ASSERT_LE(parsed.error.column, text.size() + 1);
    for (const char c : parsed.error.message) ASSERT_TRUE(c >= ' ' && c <= '~') << parsed.error.message;
  }
}

}  // namespace
}  // namespace jitterbug
