#include "harness/classic/trial.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/campaign/portfolio.h"
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

// One strategy, or those of the portfolio.
using Members = std::vector<std::unique_ptr<Strategy>>;

Members make_members(std::string_view name) {
  Members members;
  if (name == portfolio_name) {
    for (const std::string& member : portfolio_members()) members.push_back(find_strategy(member)->make());
    return members;
  }
  const StrategyInfo* info = find_strategy(name);
  if (info == nullptr) throw UsageError("unknown strategy '" + std::string(name) + "'");
  members.push_back(info->make());
  return members;
}

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
  digest_ = result.digest;
  ++trial.schedules;
  trial.decisions += result.decisions;
  if (!result.failed) return false;
  if (!is_the_bug(program, result)) {
    throw ToolError(std::string(program.name) + " fails by " + result.oracle + ": " + result.sentence);
  }
  trial.first_bug = trial.schedules;
  return true;
}

TrialResult TrialRunner::schedules_to_first_bug(const ProgramInfo& program, std::string_view strategy,
                                                std::uint64_t seed, std::uint64_t cap,
                                                const std::function<bool()>& stop) {
  const Members members = make_members(strategy);
  const auto wants_pilot = [](const auto& member) { return member->wants_pilot(); };
  TrialResult trial;
  if (cap > 0 && std::any_of(members.begin(), members.end(), wants_pilot)) {
    RandomStrategy random;
    PilotRun pilot(random);
    pilot.begin(derive(seed, pilot_part));
    if (shows_bug(program, pilot, trial)) return trial;
    for (const auto& member : members) member->learn(pilot.seen());
  }
  PortfolioTally tally;
  std::set<std::uint64_t> seen;
  while (trial.schedules < cap) {
    if (stop && stop()) {
      trial.stopped = true;
      return trial;
    }
    const std::uint64_t part = derive(seed, trial.schedules);
    const std::size_t member = members.size() == 1 ? 0 : tally.choose(part);
    members[member]->begin(part);
    if (shows_bug(program, *members[member], trial)) return trial;
    if (members.size() > 1) tally.learn(member, seen.insert(digest_).second);
  }
  return trial;
}

bool is_the_bug(const ProgramInfo& program, const RunResult& result) {
  return result.failed && result.oracle == (program.symptom == Symptom::deadlock ? "deadlock" : "assertion");
}

}  // namespace jitterbug::classic
