#pragma once
// A portfolio of strategies: no sampler wins everywhere, so a campaign shares its
// schedules over several and learns, for each program, which one still shows it
// something new.
//
// What pays is novelty: a run of a class that no run of the program was of before
// (see statistics.h). A share of the schedules goes to all members alike, whatever
// was learned, because novelty is not the same as finding a defect: a member is
// never starved, and one that alone can find it is slower by a known factor at most.
//
// The choice is a function of the schedule's seed and of what was learned when it
// was made. A finding's token names the member that found it, so it replays without
// the portfolio.

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace jitterbug {

inline constexpr std::string_view portfolio_name = "portfolio";

// Names of strategies, in order of name.
std::span<const std::string> portfolio_members();

// How it picks who runs next, as strategies say it.
std::string portfolio_sentence();

// A strategy, or the portfolio.
bool known_to_campaigns(std::string_view strategy);

// What is known of the members for one program. Several processes may add to it;
// all zeros is a valid initial state.
class PortfolioTally {
 public:
  static constexpr std::size_t members_max = 8;

  // The member, by its place in portfolio_members(), that runs the schedule with
  // this seed.
  std::size_t choose(std::uint64_t seed) const;
  void learn(std::size_t member, bool was_new);

 private:
  struct Member {
    std::atomic<std::uint32_t> runs{0};
    std::atomic<std::uint32_t> news{0};
  };
  std::array<Member, members_max> members_ = {};
};

}  // namespace jitterbug
