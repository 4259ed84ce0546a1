#include "harness/classic/trial.h"

#include <string>

#include "harness/campaign/draw.h"
#include "harness/campaign/errors.h"
#include "harness/strategy/pilot.h"
#include "harness/strategy/random.h"
#include "harness/strategy/registry.h"

namespace jitterbug::classic {
namespace {

// Far more than any of the programs takes, so that the strategy decides all of a run.
// One that starves the thread its spinners wait for is helped out only after that.
constexpr std::uint64_t storm_steps = 100'000;

// The seeds of a trial's schedules are its parts 0, 1, ...
constexpr std::uint64_t pilot_part = ~std::uint64_t{0};

}  // namespace

class TrialRunner::BugJudge final : public Judge {
 public:
  explicit BugJudge(Machine& machine) : machine_(machine) {}

  void fatal(rt::Fatal, std::string_view message) override { machine_.fail("harness", std::string(message)); }
  void slot_shared(ThreadId, ThreadId) override { machine_.fail("harness", "two threads hold one slot"); }
  void lock_misused(ThreadId, std::string_view how) override { machine_.fail("harness", std::string(how)); }
  void world_dead() override { machine_.fail("deadlock", "nobody can run"); }
  void steps_exhausted() override { machine_.fail("harness", "the program does not end"); }

 private:
  Machine& machine_;
};

TrialRunner::TrialRunner() : judge_(std::make_unique<BugJudge>(machine_)) {}
TrialRunner::~TrialRunner() = default;

RunResult TrialRunner::run(const ProgramInfo& program, Version version, Strategy& strategy) {
  MachineOptions options;
  options.storm_steps = storm_steps;
  options.audit_every = 0;
  stage_.begin();
  RunResult result = machine_.run(options, strategy, *judge_, [&] {
    instance_ = program.make(version);
    instance_->main(stage_);
  });
  instance_.reset();
  return result;
}

bool TrialRunner::shows_bug(const ProgramInfo& program, Strategy& strategy, TrialResult& trial) {
  const RunResult result = run(program, Version::published, strategy);
  ++trial.schedules;
  trial.decisions += result.decisions;
  if (!result.failed) return false;
  if (!is_the_bug(program, result)) {
    throw ToolError(std::string(program.name) + " under " + std::string(strategy.name()) + " fails by " +
                    result.oracle + ": " + result.sentence);
  }
  trial.first_bug = trial.schedules;
  return true;
}

TrialResult TrialRunner::schedules_to_first_bug(const ProgramInfo& program, std::string_view strategy,
                                                std::uint64_t seed, std::uint64_t cap,
                                                const std::function<bool()>& stop) {
  const StrategyInfo* info = find_strategy(strategy);
  if (info == nullptr) throw UsageError("unknown strategy '" + std::string(strategy) + "'");
  const auto chosen = info->make();
  TrialResult trial;
  if (chosen->wants_pilot() && cap > 0) {
    RandomStrategy random;
    PilotRun pilot(random);
    pilot.begin(derive(seed, pilot_part));
    if (shows_bug(program, pilot, trial)) return trial;
    chosen->learn(pilot.seen());
  }
  while (trial.schedules < cap) {
    if (stop && stop()) {
      trial.stopped = true;
      return trial;
    }
    chosen->begin(derive(seed, trial.schedules));
    if (shows_bug(program, *chosen, trial)) return trial;
  }
  return trial;
}

bool is_the_bug(const ProgramInfo& program, const RunResult& result) {
  return result.failed && result.oracle == (program.symptom == Symptom::deadlock ? "deadlock" : "assertion");
}

}  // namespace jitterbug::classic
