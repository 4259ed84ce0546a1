#pragma once
// The runs of one minimisation. They know which failure is looked for, whether a run fails in
// that way, and how many runs there have been.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/campaign/isolate.h"
#include "harness/minimize/attempt.h"
#include "harness/simulated/runner.h"

namespace jitterbug {

// Each run is a question to the journal, which asks it in a process that may die of it
// (harness/campaign/isolate.h). Not thread-safe.
class Attempts {
 public:
  Attempts(const Plan& plan, Journal& journal) : plan_(plan), runner_(), journal_(journal) {}

  // Runs the plan, or the schedule that is given. The way in which it fails is the one that is
  // looked for from then on. Returns the choices of the run. Throws ImpossibleError when it
  // passes, hangs, or fails in another way when its choices are replayed.
  Choices begin(const std::optional<Schedule>& given);

  Attempt run(const Choices& choices, const std::optional<Hold>& hold = {});

  // Equal numbers give equal runs.
  Sample sample(std::uint64_t number, bool faults);

  // The record of the run with these choices.
  Record record(const Choices& choices);

  // Another failure is looked for from now on, one that leaves the process alive.
  void look_for(std::string key);

  const std::string& key() const { return key_; }  // of the failure that is looked for

  const Plan& plan() const { return plan_; }
  void set_storm(std::uint64_t steps) { plan_.storm_steps = steps; }
  std::uint64_t runs() const { return runs_; }
  std::uint64_t crashes() const { return crashes_; }  // runs that took their process down
  // The runs are used up: the search ends with what it has.
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
