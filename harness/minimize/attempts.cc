#include "harness/minimize/attempts.h"

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/minimize/messages.h"
#include "harness/schedule/recorder.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/schedule_text.h"
#include "harness/schedule/sparse.h"
#include "harness/simulated/swarm.h"
#include "harness/strategy/forward.h"

namespace jitterbug {
namespace {

// The limit is a number of runs and no time, so that equal requests have equal results.
constexpr std::uint64_t runs_max = 12'000;

// Writes to the journal, at each step while a thread is held, what a crash at the next step
// would take along: the last step of the others and the window it leads to.
class HoldNotes final : public ForwardingStrategy {
 public:
  HoldNotes(ReplayStrategy& replay, Journal& journal)
      : ForwardingStrategy(replay), replay_(replay), journal_(journal) {}

  void announces(ThreadId thread, const Op& op) override {
    ForwardingStrategy::announces(thread, op);
    note();
  }
  void runs(ThreadId thread) override {
    ForwardingStrategy::runs(thread);
    note();
  }

  Attempt seen() const {
    Attempt attempt;
    attempt.first = replay_.last_before_release();
    attempt.towards = replay_.window_after_release();
    return attempt;
  }

 private:
  void note() {
    if (replay_.held_since() != 0) journal_.note(write_attempt(seen()));
  }

  ReplayStrategy& replay_;
  Journal& journal_;
};

std::string last_line(const std::string& lines) {
  if (lines.empty()) return "";
  const std::size_t before = lines.rfind('\n', lines.size() - 2);
  const std::size_t from = before == std::string::npos ? 0 : before + 1;
  return lines.substr(from, lines.size() - 1 - from);
}

std::string key_of(const Record& failed) { return finding_key(failed, AtWindows::alike); }

// Begins the notes of each run: those before the last mark are of earlier runs.
constexpr const char* new_run = "run";

Choices noted(const std::string& notes) {
  const std::size_t mark = notes.rfind(std::string(new_run) + "\n");
  return mark == std::string::npos ? Choices() : read_choices(notes.substr(notes.find('\n', mark) + 1));
}

}  // namespace

bool Attempts::exhausted() const { return runs_ >= runs_max; }

JournalEntry Attempts::ask(const std::function<std::string()>& question) {
  JournalEntry entry = journal_.ask(question);
  ++runs_;
  crashes_ += entry.crashed ? 1 : 0;
  return entry;
}

Choices Attempts::begin(const std::optional<Schedule>& given) {
  const JournalEntry entry = ask([&] { return write_told(run_first(given)); });
  if (entry.ending.hung) throw ImpossibleError("a run that hangs is not minimised: " + entry.text);
  looks_for_crash_ = entry.crashed;
  Record record;
  Choices choices;
  if (entry.crashed) {
    record = crash_record(entry.ending);
    choices = noted(entry.notes);
  } else {
    ToldRun told = read_told(entry.text);
    record = std::move(told.record);
    choices = read_choices(told.lines);
  }
  if (given) choices = given->choices;
  if (!record.failed()) throw ImpossibleError("the run passes: there is nothing to minimise");
  key_ = key_of(record);
  const Attempt again = run(choices);
  if (again.same()) return choices;
  throw ImpossibleError("the schedule of this run does not make it fail again" +
                        (again.how.empty() ? std::string() : ": " + again.how));
}

void Attempts::look_for(std::string key) {
  key_ = std::move(key);
  looks_for_crash_ = false;
}

// The run took its process down in the way that is looked for.
bool Attempts::is_wanted(const JournalEntry& entry) const {
  return looks_for_crash_ && entry.crashed && key_of(crash_record(entry.ending)) == key_;
}

Recorder::Told Attempts::noted_choices() {
  return [this](const Choices& choices) {
    if (choices.size() == 1) journal_.note(new_run);
    journal_.note(to_text(choices.back()));
  };
}

ToldRun Attempts::run_first(const std::optional<Schedule>& given) {
  Choices choices;
  Record record;
  if (given) {
    ReplayStrategy replay(given->choices);
    replay.begin(0);
    record = runner_.run_under(replay, plan_, 0);
  } else {
    record = runner_.run_recorded(plan_, choices, noted_choices());
  }
  return {record, write_choices(choices)};
}

Attempt Attempts::run(const Choices& choices, const std::optional<Hold>& hold) {
  const JournalEntry entry = ask([&] { return write_attempt(run_here(choices, hold)); });
  if (!entry.crashed) return read_attempt(entry.text);
  Attempt attempt;
  if (is_wanted(entry)) {
    if (!entry.notes.empty()) attempt = read_attempt(last_line(entry.notes));
    attempt.reached.assign(choices.size(), true);
    attempt.around.resize(choices.size());
  }
  attempt.how = to_text(*crash_record(entry.ending).failure);
  attempt.outcome = is_wanted(entry) ? Attempt::Outcome::same : Attempt::Outcome::other;
  return attempt;
}

Attempt Attempts::run_here(const Choices& choices, const std::optional<Hold>& hold) {
  ReplayStrategy replay(choices);
  if (hold) replay.let_go_after(hold->choice, hold->steps);
  replay.begin(0);
  HoldNotes notes(replay, journal_);
  Strategy& strategy = hold && looks_for_crash_ ? static_cast<Strategy&>(notes) : replay;
  const Record record = runner_.run_under(strategy, plan_, 0);
  Attempt attempt = hold ? notes.seen() : Attempt();
  if (!record.failed()) return attempt;
  attempt.key = key_of(record);
  attempt.outcome = attempt.key == key_ ? Attempt::Outcome::same : Attempt::Outcome::other;
  attempt.how = to_text(*record.failure);
  if (!attempt.same()) return attempt;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    attempt.reached.push_back(replay.reached(i));
    attempt.around.push_back({replay.next_windows(i), replay.earlier_windows(i), replay.window_before(i).has_value()});
  }
  return attempt;
}

Sample Attempts::sample(std::uint64_t number, bool faults) {
  const JournalEntry entry = ask([&] { return write_sample(sample_here(number, faults)); });
  if (is_wanted(entry)) return {0, noted(entry.notes)};
  if (entry.crashed) return {};
  return read_sample(entry.text);
}

Sample Attempts::sample_here(std::uint64_t number, bool faults) {
  SparseStrategy sparse(faults);
  Recorder recorder(sparse, looks_for_crash_ ? noted_choices() : nullptr);
  recorder.begin(derive(seed_of(plan_, SeedPart::strategy), number));
  const Record record = runner_.run_under(recorder, plan_, 0);
  Sample sample{record.decisions, std::nullopt};
  if (record.failed() && key_of(record) == key_) sample.choices = recorder.choices();
  return sample;
}

Record Attempts::record(const Choices& choices) {
  const JournalEntry entry = ask([&] {
    ReplayStrategy replay(choices);
    replay.begin(0);
    return write_record(runner_.run_under(replay, plan_, 0));
  });
  if (is_wanted(entry)) return crash_record(entry.ending);
  if (entry.crashed) throw ToolError("the minimised run takes its process down: " + entry.text);
  return read_record(entry.text);
}

}  // namespace jitterbug
