#include "harness/campaign/portfolio.h"

#include "harness/campaign/draw.h"
#include "harness/campaign/runner.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

const std::string members[] = {"pct", "pos", "random", "surw"};
static_assert(std::size(members) <= PortfolioTally::members_max);

// Of this many schedules one part is shared alike and the rest by what pays.
constexpr std::uint32_t parts = 3;

// Tells the portfolio's draw from what else is derived from a schedule's seed.
constexpr std::uint64_t seed_part = 0x706f7274666f6c69;

}  // namespace

std::span<const std::string> portfolio_members() { return members; }

std::string portfolio_sentence() {
  std::string names;
  for (const std::string& member : members) names += (names.empty() ? "" : ", ") + member;
  return "of campaigns: each schedule under one of " + names + ", more often under those that show something new";
}

void check_plan_or_portfolio(const Plan& plan, std::span<const Stressor> stressors) {
  if (plan.strategy != portfolio_name) return check_plan(plan, stressors);
  for (const std::string& member : members) {
    Plan of_member = plan;
    of_member.strategy = member;
    check_plan(of_member, stressors);
  }
}

std::size_t PortfolioTally::choose(std::uint64_t seed) const {
  rt::Rng rng(derive(seed, seed_part));
  const auto count = static_cast<std::uint32_t>(std::size(members));
  if (rng.below(parts) == 0) return rng.below(count);
  std::array<std::uint32_t, members_max> weights = {};
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // Laplace's rule: a member that has not run yet may be as good as any.
    const std::uint64_t runs = members_[i].runs.load(relaxed), news = members_[i].news.load(relaxed);
    weights[i] = static_cast<std::uint32_t>(1 + (news + 1) * 10'000 / (runs + 2));
    total += weights[i];
  }
  std::uint32_t ticket = rng.below(total);
  for (std::size_t i = 0; i < count; ++i) {
    if (ticket < weights[i]) return i;
    ticket -= weights[i];
  }
  return 0;
}

void PortfolioTally::learn(std::size_t member, bool was_new) {
  members_[member].runs.fetch_add(1, relaxed);
  if (was_new) members_[member].news.fetch_add(1, relaxed);
}

}  // namespace jitterbug
