#pragma once
// Runs classic programs on one machine: a trial is a sequence of runs under one
// strategy until the bug shows.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "harness/classic/program.h"
#include "harness/sim/machine.h"
#include "harness/strategy/strategy.h"

namespace jitterbug::classic {

struct TrialResult {
  std::uint64_t first_bug = 0;  // number of the schedule that showed it, from 1; 0: none did
  std::uint64_t schedules = 0;  // runs, a pilot included
  std::uint64_t decisions = 0;  // steps, of all runs together
  Symptom symptom = Symptom::assertion;  // of that bug
  bool stopped = false;                  // given up because the caller asked for it

  bool found() const { return first_bug != 0; }
};

// Not thread-safe; one at a time per process, as the machine it owns.
class TrialRunner {
 public:
  TrialRunner();
  ~TrialRunner();
  TrialRunner(const TrialRunner&) = delete;
  TrialRunner& operator=(const TrialRunner&) = delete;

  // One run under a strategy that has begun. The strategy decides all of it.
  RunResult run(const ProgramInfo& program, Version version, Strategy& strategy);

  // Runs the published version until a bug shows, whatever its symptom, at most `cap` times, each run from
  // a seed of its own. A strategy that wants a pilot gets one, of a random walk with
  // bursts, as the first schedule of the trial; one that wants every run learns from all
  // of the trial, under whichever member they were. "portfolio" shares the trial over its
  // members; what pays there is a run that no run of the trial equals. Equal arguments give equal results.
  // `stop` is asked before each run and ends the trial by true. A run that crashes or hangs
  // takes this process along: see trial_pool.h. Throws UsageError for an unknown strategy.
  using Stop = std::function<bool(const TrialResult& so_far)>;
  TrialResult schedules_to_first_bug(const ProgramInfo& program, std::string_view strategy, std::uint64_t seed,
                                     std::uint64_t cap, const Stop& stop = {});

 private:
  class BugJudge;

  class Trial;

  Machine machine_;
  std::unique_ptr<BugJudge> judge_;
  Stage stage_{[this](const Failure& failure) { machine_.fail(failure.oracle, failure.invariant); }};
  std::unique_ptr<Program> instance_;
};

// Of a run that failed. Throws ToolError when that is not the program's doing.
Symptom symptom_of(const RunResult& result);

}  // namespace jitterbug::classic
