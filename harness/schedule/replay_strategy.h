#pragma once
// Makes the choices of a schedule wherever a thread comes to the point of one, and
// follows the default order everywhere else. A choice that cannot be made is left
// out, and the replay goes on as best it can.

#include <optional>
#include <unordered_map>
#include <vector>

#include "harness/schedule/schedule.h"
#include "harness/schedule/whereabouts.h"

namespace jitterbug {

// Not thread-safe: one strategy drives one machine. A schedule has at most one choice
// for each point; of several the first counts.
class ReplayStrategy final : public Strategy {
 public:
  // `choices` must outlive this.
  explicit ReplayStrategy(const std::vector<Choice>& choices);

  std::string_view name() const override { return "replay"; }
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;
  void runs(ThreadId thread) override { running_ = thread; }

  // From the given choice on, which must be a preemption: when the others have taken
  // `steps` steps, the thread it holds goes on. 0: it is not held at all.
  void let_go_after(std::size_t choice, std::uint64_t steps);

  // The first choice that was not made, counted from 1, and why; empty: each was.
  std::string divergence() const;
  // Whether each choice was made.
  const std::vector<bool>& made() const { return made_; }
  // The step of the run at which a choice was made; 0: it was not.
  std::uint64_t step_of(std::size_t choice) const { return steps_[choice]; }

 private:
  struct Hold {
    std::size_t choice = 0;
    std::uint64_t limit = 0;
    bool wanted = false;
    bool under_way = false;
    std::uint64_t began = 0;  // step
  };

  const Switch* switch_at(const Situation& s, std::size_t& choice);
  std::optional<Pick> make(const Situation& s, std::size_t choice, const Switch& wanted);
  std::optional<Pick> end_hold(const Situation& s);
  std::string why_not_made(std::size_t choice) const;

  const std::vector<Choice>& choices_;
  std::unordered_map<std::uint64_t, std::size_t> by_key_;  // never iterated
  Whereabouts where_;
  ThreadId running_ = 0;
  std::vector<bool> made_;
  std::vector<bool> refused_;  // its point was reached, but the thread to run next could not
  std::vector<std::uint64_t> steps_;
  std::uint64_t pause_step_ = 0;  // of the choice that is waiting for its thread
  std::size_t pause_choice_ = 0;
  std::uint32_t pauses_ = 0;
  Hold hold_;
};

}  // namespace jitterbug
