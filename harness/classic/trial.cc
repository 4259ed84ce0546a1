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
// A strategy that starves the thread its spinners wait for is helped out only after that.
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

  void fatal(rt::Fatal, std::string_view message) override { machine_.fail(OracleId::assertion, message); }
  void slot_shared(ThreadId, ThreadId) override { machine_.fail(OracleId::assertion, "two threads hold one slot"); }
  void resource_misused(std::string_view sentence) override { machine_.fail(OracleId::assertion, sentence); }
  void lock_misused(ThreadId, std::string_view how) override { machine_.fail(OracleId::assertion, how); }
  void world_dead() override { machine_.fail(OracleId::deadlock, "nobody can run"); }
  void steps_exhausted() override { machine_.fail(OracleId::livelock, "the program does not end"); }

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

// The runs of one trial, and what its strategies have learned from them. Each of the
// calls is one run: did it show the bug?
class TrialRunner::Trial {
 public:
  Trial(TrialRunner& runner, const ProgramInfo& program, Members members)
      : runner_(runner), program_(program), members_(std::move(members)) {}

  std::size_t members() const { return members_.size(); }
  bool wants_pilot() const {
    return std::any_of(members_.begin(), members_.end(), [](const auto& member) { return member->wants_pilot(); });
  }

  bool run_pilot(std::uint64_t seed) {
    RandomStrategy random;
    PilotRun pilot(random);
    pilot.begin(seed);
    if (shows_bug(pilot)) return true;
    for (const auto& member : members_) member->learn(pilot.seen());
    return false;
  }

  bool run_member(std::size_t member, std::uint64_t seed) {
    const auto wants_it = [](const auto& other) { return other->wants_every_run(); };
    if (std::none_of(members_.begin(), members_.end(), wants_it)) {
      members_[member]->begin(seed);
      return shows_bug(*members_[member]);
    }
    PilotRun watched(*members_[member]);
    watched.begin(seed);
    if (shows_bug(watched)) return true;
    for (const auto& other : members_) {
      if (wants_it(other)) other->learn(watched.seen());
    }
    return false;
  }

  std::uint64_t last_digest() const { return last_digest_; }

  TrialResult result;

 private:
  bool shows_bug(Strategy& strategy) {
    const RunResult run = runner_.run(program_, Version::published, strategy);
    last_digest_ = run.digest;
    ++result.schedules;
    result.decisions += run.decisions;
    if (!run.failed()) return false;
    result.first_bug = result.schedules;
    result.symptom = symptom_of(run);
    return true;
  }

  TrialRunner& runner_;
  const ProgramInfo& program_;
  const Members members_;
  std::uint64_t last_digest_ = 0;
};

TrialResult TrialRunner::schedules_to_first_bug(const ProgramInfo& program, std::string_view strategy,
                                                std::uint64_t seed, std::uint64_t cap, const Stop& stop) {
  Trial trial(*this, program, make_members(strategy));
  PortfolioTally tally;
  std::set<std::uint64_t> seen;
  while (trial.result.schedules < cap) {
    const std::uint64_t index = trial.result.schedules;
    if (stop && stop(trial.result)) {
      trial.result.stopped = true;
      break;
    }
    if (index == 0 && trial.wants_pilot()) {
      if (trial.run_pilot(derive(seed, pilot_part))) break;
      continue;
    }
    const std::uint64_t part = derive(seed, index);
    const std::size_t member = trial.members() == 1 ? 0 : tally.choose(part);
    if (trial.run_member(member, part)) break;
    if (trial.members() > 1) tally.learn(member, seen.insert(trial.last_digest()).second);
  }
  return trial.result;
}

Symptom symptom_of(const RunResult& result) {
  switch (result.failure->oracle) {
    case OracleId::assertion: return Symptom::assertion;
    case OracleId::deadlock: return Symptom::deadlock;
    case OracleId::livelock: return Symptom::livelock;
    default: throw ToolError("a run fails by " + to_text(*result.failure));
  }
}

}  // namespace jitterbug::classic
