#pragma once
// The runs of one minimisation: what is run, what counts as the failure that is
// looked for, and how many runs it has taken.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/campaign/isolate.h"
#include "harness/minimize/attempt.h"
#include "harness/simulated/runner.h"

namespace jitterbug {

// Each run is a question to the journal. Not thread-safe.
class Attempts {
 public:
  Attempts(const Plan& plan, Journal& journal) : plan_(plan), runner_(), journal_(journal) {}

  // Runs the plan, or the schedule that is given: how it fails is the failure that is
  // looked for. One that takes its process down does so again. Returns its choices.
  // Throws ImpossibleError when it passes, hangs, or fails otherwise when repeated.
  Choices begin(const std::optional<Schedule>& given);

  Attempt run(const Choices& choices, const std::optional<Hold>& hold = {});

  // Equal numbers give equal runs.
  Sample sample(std::uint64_t number, bool faults);

  // The record of the run with these choices.
  Record record(const Choices& choices);

  // From now on the failure that is looked for is another one, which leaves the process alive.
  void look_for(std::string key);

  const std::string& key() const { return key_; }  // of the failure that is looked for

  const Plan& plan() const { return plan_; }
  void set_storm(std::uint64_t steps) { plan_.storm_steps = steps; }
  std::uint64_t runs() const { return runs_; }
  std::uint64_t crashes() const { return crashes_; }  // runs that took their process down
  // No more of them: the result is what there is.
  bool exhausted() const;

 private:
  JournalEntry ask(const std::function<std::string()>& question);
  bool is_wanted(const JournalEntry& entry) const;
  Recorder::Told noted_choices();
  ToldRun run_first(const std::optional<Schedule>& given);
  Attempt run_here(const Choices& choices, const std::optional<Hold>& hold);
  Sample sample_here(std::uint64_t number, bool faults);

  Plan plan_;
  Runner runner_;
  Journal& journal_;
  std::string key_;
  bool looks_for_crash_ = false;
  std::uint64_t runs_ = 0;
  std::uint64_t crashes_ = 0;
};

}  // namespace jitterbug
