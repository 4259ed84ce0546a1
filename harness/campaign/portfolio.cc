#include "harness/campaign/portfolio.h"

#include "harness/base/draw.h"
#include "harness/strategy/registry.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

const std::string members[] = {"pct", "surw", "urw", "windows"};
constexpr std::uint32_t count = std::size(members);
static_assert(count <= PortfolioTally::members_max);

// Of ten schedules: each member is needed by some program or defect, and the selective
// walk comes furthest alone on small programs, where most of the others may be blind
// (see jitterbug bench-strategies). The random walk takes part as the pilot of all.
constexpr std::uint32_t fixed_shares[count] = {1, 4, 2, 3};

// Of so many schedules one goes by the fixed shares alone.
constexpr std::uint32_t parts = 2;

// One of the members, each as likely as its share of all.
std::size_t draw(rt::Rng& rng, std::span<const std::uint32_t> shares) {
  std::uint32_t total = 0;
  for (const std::uint32_t share : shares) total += share;
  std::uint32_t ticket = rng.below(total);
  std::size_t i = 0;
  for (; ticket >= shares[i]; ++i) ticket -= shares[i];
  return i;
}

// Tells the portfolio's draw from what else is derived from a schedule's seed.
constexpr std::uint64_t seed_part = 0x706f7274666f6c69;

}  // namespace

std::span<const std::string> portfolio_members() { return members; }

std::string portfolio_sentence() {
  std::string names;
  for (const std::string& member : members) names += (names.empty() ? "" : ", ") + member;
  return "of campaigns: each schedule under one of " + names + ", more often under those that show something new";
}

bool known_to_campaigns(std::string_view strategy) {
  return strategy == portfolio_name || find_strategy(strategy) != nullptr;
}

std::size_t PortfolioTally::choose(std::uint64_t seed) const {
  rt::Rng rng(derive(seed, seed_part));
  if (rng.below(parts) == 0) return draw(rng, fixed_shares);
  std::array<std::uint32_t, count> shares = {};
  for (std::size_t i = 0; i < count; ++i) {
    // Laplace's rule: a member that has not run yet may be as good as any.
    const std::uint64_t runs = members_[i].runs.load(relaxed), news = members_[i].news.load(relaxed);
    shares[i] = static_cast<std::uint32_t>(fixed_shares[i] * (1 + (news + 1) * 10'000 / (runs + 2)));
  }
  return draw(rng, shares);
}

void PortfolioTally::learn(std::size_t member, bool was_new) {
  members_[member].runs.fetch_add(1, relaxed);
  if (was_new) members_[member].news.fetch_add(1, relaxed);
}

}  // namespace jitterbug
