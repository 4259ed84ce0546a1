#include "harness/minimize/attempts.h"

#include <nlohmann/json.hpp>

#include "harness/campaign/draw.h"
#include "harness/campaign/errors.h"
#include "harness/campaign/swarm.h"
#include "harness/schedule/recorder.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/sparse.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

// Counted in runs, not in seconds: equal requests have equal results.
constexpr std::uint64_t runs_max = 12'000;

}  // namespace

bool Attempts::exhausted() const { return runs_ >= runs_max; }

JournalEntry Attempts::ask(const std::function<std::string()>& question) {
  JournalEntry entry = journal_.ask(question);
  ++runs_;
  crashes_ += entry.crashed ? 1 : 0;
  return entry;
}

Choices Attempts::begin(const std::optional<Schedule>& given) {
  const JournalEntry entry = ask([&] { return run_first(given); });
  if (entry.crashed) throw ImpossibleError("the run takes its process down, and its schedule with it: " + entry.text);
  const Json json = Json::parse(entry.text);
  const Record record = read_record(json.at(0).get<std::string>());
  Choices choices = given ? given->choices : read_choices(json.at(1).get<std::string>());
  if (!record.failed) throw ImpossibleError("the run passes: there is nothing to minimise");
  kind_ = failure_kind(record);
  const Attempt again = run(choices);
  if (again.same()) return choices;
  throw ImpossibleError("the schedule of this run does not make it fail again" +
                        (again.how.empty() ? std::string() : ": " + again.how));
}

std::string Attempts::run_first(const std::optional<Schedule>& given) {
  Choices choices;
  Record record;
  if (given) {
    ReplayStrategy replay(given->choices);
    replay.begin(0);
    record = runner_.run_under(replay, plan_, 0);
  } else {
    record = runner_.run_recorded(plan_, choices);
  }
  return Json({write_record(record), write_choices(choices)}).dump();
}

Attempt Attempts::run(const Choices& choices, const std::optional<Hold>& hold) {
  const JournalEntry entry = ask([&] { return write_attempt(run_here(choices, hold)); });
  if (!entry.crashed) return read_attempt(entry.text);
  Attempt attempt;
  attempt.how = "O12: " + entry.text;
  attempt.outcome = Attempt::Outcome::other;
  return attempt;
}

Attempt Attempts::run_here(const Choices& choices, const std::optional<Hold>& hold) {
  ReplayStrategy replay(choices);
  if (hold) replay.let_go_after(hold->choice, hold->steps);
  replay.begin(0);
  const Record record = runner_.run_under(replay, plan_, 0);
  Attempt attempt;
  attempt.steps = record.decisions;
  if (hold) {
    attempt.held_since = replay.held_since();
    attempt.first = replay.last_before_release();
    attempt.towards = replay.window_after_release();
  }
  if (!record.failed) return attempt;
  attempt.outcome = failure_kind(record) == kind_ ? Attempt::Outcome::same : Attempt::Outcome::other;
  attempt.how = record.oracle + ": " + record.sentence;
  if (!attempt.same()) return attempt;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    attempt.mattered.push_back(replay.mattered(i));
    attempt.next_windows.push_back(replay.next_window(i));
    attempt.windows_before.push_back(replay.window_before(i));
  }
  return attempt;
}

Attempts::Sample Attempts::sample(std::uint64_t number, bool faults) {
  const JournalEntry entry = ask([&] { return sample_here(number, faults); });
  if (entry.crashed) return {};
  const Json json = Json::parse(entry.text);
  Sample out{json.at(0).get<std::uint64_t>(), std::nullopt};
  if (json.size() > 1) out.choices = read_choices(json.at(1).get<std::string>());
  return out;
}

std::string Attempts::sample_here(std::uint64_t number, bool faults) {
  SparseStrategy sparse(faults);
  Recorder recorder(sparse);
  recorder.begin(derive(seed_of(plan_, SeedPart::strategy), number));
  const Record record = runner_.run_under(recorder, plan_, 0);
  Json out = {record.decisions};
  if (record.failed && failure_kind(record) == kind_) out.push_back(write_choices(recorder.choices()));
  return out.dump();
}

Record Attempts::record(const Choices& choices) {
  const JournalEntry entry = ask([&] {
    ReplayStrategy replay(choices);
    replay.begin(0);
    return write_record(runner_.run_under(replay, plan_, 0));
  });
  if (entry.crashed) throw ToolError("the minimised run takes its process down: " + entry.text);
  return read_record(entry.text);
}

}  // namespace jitterbug
