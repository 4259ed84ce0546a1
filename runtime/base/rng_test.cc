#include "runtime/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <set>

namespace rt {
namespace {

// Computed once: a change would change what every seed means.
TEST(Rng, ASeedMeansTheSameForEver) {
  Rng rng(1);
  rng.next();
  rng.next();
  EXPECT_EQ(rng.next(), 2778140871569557710u);
  static_assert(Rng(7).fork(1).next() == Rng(7).fork(1).next());
}

TEST(Rng, BelowIsUniform) {
  Rng rng(42);
  std::array<int, 10> seen{};
  for (int i = 0; i < 100'000; ++i) ++seen[rng.below(10)];
  double chi_square = 0;
  for (int n : seen) chi_square += (n - 10'000.0) * (n - 10'000.0) / 10'000.0;
  EXPECT_LT(chi_square, 27.9);  // 0.1 % critical value, 9 degrees of freedom
}

TEST(Rng, BelowKeepsItsBound) {
  Rng rng(3);
  for (std::uint32_t n : {1u, 2u, 3u, 1'000u, ~0u}) {
    for (int i = 0; i < 1'000; ++i) ASSERT_LT(rng.below(n), n);
  }
  EXPECT_EQ(rng.below(0), 0u);
}

TEST(Rng, BetweenReachesBothEnds) {
  Rng rng(5);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(rng.between(-2, 2));
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
}

TEST(Rng, ForksDifferByPurposeAndLeaveTheirOriginAlone) {
  Rng rng(9);
  Rng untouched(9);
  Rng a = rng.fork(1);
  Rng b = rng.fork(2);
  EXPECT_NE(a.next(), b.next());
  EXPECT_EQ(rng.next(), untouched.next());
}

TEST(Rng, NeighbouringSeedsAreUnrelated) {
  std::set<std::uint64_t> first;
  int bits = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Rng rng(seed);
    Rng next(seed + 1);
    const std::uint64_t word = rng.next();
    bits += std::popcount(word ^ next.next());
    first.insert(word);
  }
  EXPECT_EQ(first.size(), 1'000u);
  EXPECT_NEAR(bits / 1'000.0, 32, 1);
}

}  // namespace
}  // namespace rt
