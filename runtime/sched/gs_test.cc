// The lists of dead Gs and their stacks.

#include "runtime/sched/gs.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "runtime/base/limits.h"

namespace rt {
namespace {

constexpr std::size_t stack_size = 32 * 1024;

struct GsOfATest : ::testing::Test {
  Gs gs{stack_size};

  std::vector<G*> get(int n) {
    std::vector<G*> all;
    for (int i = 0; i < n; ++i) {
      all.push_back(gs.get());
      gs.give_stack(all.back());
    }
    return all;
  }

  int count_stacks() const {
    int n = 0;
    gs.for_each([&](const G& g) { n += g.stack.low != nullptr ? 1 : 0; });
    return n;
  }
};

TEST_F(GsOfATest, AreNumberedInTheOrderOfTheirMaking) {
  get(3);
  gs.get_new();
  std::vector<std::int64_t> ids;
  gs.for_each([&](const G& g) { ids.push_back(g.id); });
  EXPECT_EQ(ids, (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(GsOfATest, TheLastToDieLivesFirstAndKeepsItsStack) {
  const std::vector<G*> all = get(2);
  const std::byte* low = all[0]->stack.low;
  EXPECT_FALSE(gs.put(all[1]));
  EXPECT_FALSE(gs.put(all[0]));
  EXPECT_EQ(gs.get(), all[0]);
  EXPECT_EQ(all[0]->stack.low, low);
}

TEST_F(GsOfATest, AGThatIsToRunGetsTheStackOfTheOneThatDiedLast) {
  const std::vector<G*> all = get(2);
  G* waiting = gs.get();
  EXPECT_EQ(waiting->stack.low, nullptr);
  const std::byte* low = all[1]->stack.low;
  EXPECT_FALSE(gs.put(all[0]));
  EXPECT_FALSE(gs.put(all[1]));
  gs.give_stack(waiting);
  EXPECT_EQ(waiting->stack.low, low);
  EXPECT_EQ(all[1]->stack.low, nullptr);
  EXPECT_EQ(gs.get(), all[0]);
  EXPECT_EQ(gs.get(), all[1]);
}

TEST_F(GsOfATest, WithoutIdleStacksAGGetsANewOne) {
  G* g = gs.get();
  gs.give_stack(g);
  EXPECT_GE(g->stack.size, stack_size);
  const std::byte* low = g->stack.low;
  gs.give_stack(g);
  EXPECT_EQ(g->stack.low, low);
}

TEST_F(GsOfATest, IdleStacksAboveTheLimitAreGivenBackAFewAtATime) {
  constexpr int surplus = 2 * limits::stacks_per_release + 3;
  const std::vector<G*> all = get(limits::stacks_kept + surplus);
  for (int i = 0; i < limits::stacks_kept; ++i) EXPECT_FALSE(gs.put(all[static_cast<std::size_t>(i)]));
  for (std::size_t i = limits::stacks_kept; i < all.size(); ++i) EXPECT_TRUE(gs.put(all[i]));
  EXPECT_TRUE(gs.release_stacks());
  EXPECT_EQ(count_stacks(), limits::stacks_kept + surplus - limits::stacks_per_release);
  EXPECT_TRUE(gs.release_stacks());
  EXPECT_FALSE(gs.release_stacks());
  EXPECT_EQ(count_stacks(), limits::stacks_kept);
  EXPECT_FALSE(gs.release_stacks());
  EXPECT_EQ(count_stacks(), limits::stacks_kept);
  // The last to die have kept theirs, and no G is lost.
  for (std::size_t i = all.size(); i > 0; --i) {
    if (all.size() - i >= limits::stacks_kept) break;
    EXPECT_EQ(gs.get(), all[i - 1]);
  }
  std::set<G*> bare;
  for (int i = 0; i < surplus; ++i) bare.insert(gs.get());
  EXPECT_EQ(bare.size(), static_cast<std::size_t>(surplus));
  EXPECT_EQ(gs.get()->id, static_cast<std::int64_t>(all.size()));
}

}  // namespace
}  // namespace rt
