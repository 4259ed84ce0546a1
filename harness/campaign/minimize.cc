#include "harness/campaign/minimize.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/campaign/draw.h"
#include "harness/campaign/errors.h"
#include "harness/campaign/isolate.h"
#include "harness/campaign/minimize_result.h"
#include "harness/campaign/minimize_trial.h"
#include "harness/campaign/runner.h"
#include "harness/campaign/swarm.h"
#include "harness/campaign/token.h"
#include "harness/schedule/recorder.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/sparse.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

// Steps that a preemption may have to last.
constexpr std::uint64_t hold_steps_max = 100'000;

// Counted in runs, not in seconds: equal requests have equal results.
constexpr std::uint64_t runs_max = 12'000;
constexpr std::uint64_t simpler_runs_max = 3'000;  // in search of a simpler run
constexpr std::uint64_t simpler_steps_max = 3'000'000;
constexpr std::size_t simpler_found_max = 6;

// What happens in the calm is decided by its own order of turns. A storm that outlasts
// the program leaves everything to the choices.
constexpr std::uint64_t long_storm_steps = 8'000;

// Has every step audited, and sees nothing itself.
class EachStep final : public AuditWatch {
 public:
  bool audit(const Evidence&) override { return true; }
};

class Minimizer {
 public:
  Minimizer(const Plan& plan, std::span<const Stressor> stressors, Journal& journal)
      : plan_(plan), runner_(stressors), journal_(journal) {}

  Minimized run(const std::optional<Schedule>& given) {
    begin(given);
    const Plan own = plan_;
    plan_.storm_steps = std::max(plan_.storm_steps, long_storm_steps);
    bool simpler = minimize_simpler();
    if (!simpler) {
      plan_ = own;
      simpler = minimize_simpler();
    }
    if (!simpler) {
      keep(try_choices(choices_));
      reduce();
      simplify();
    }
    Minimized out;
    out.minimal = !exhausted();
    out.recorded = recorded_;
    out.others = other_failures();
    out.pair = find_pair();
    out.record = final_run();
    out.runs = runs_;
    out.crashes = crashes_;
    out.schedule = {to_token(plan_), out.record.oracle, out.record.sentence, choices_};
    return out;
  }

 private:
  void begin(const std::optional<Schedule>& given) {
    const JournalEntry entry = journal_.ask([&] { return given ? run_given(*given) : run_recorded(); });
    if (entry.crashed) throw ImpossibleError("the run takes its process down, and its schedule with it: " + entry.text);
    const Json json = Json::parse(entry.text);
    const Record record = read_record(json.at("record").get<std::string>());
    choices_ = choices_from_json(json.at("choices"));
    recorded_ = choices_.size();
    ++runs_;
    if (!record.failed) throw ImpossibleError("the run passes: there is nothing to minimise");
    kind_ = failure_kind(record);
    const Trial again = try_choices(choices_);
    if (!again.same()) {
      throw ImpossibleError("the schedule of this run does not make it fail again" +
                            (again.how.empty() ? std::string() : ": " + again.how));
    }
  }

  std::string run_recorded() {
    Choices choices;
    const Record record = runner_.run_recorded(plan_, choices);
    return Json({{"record", write_record(record)}, {"choices", choices_to_json(choices)}}).dump();
  }

  std::string run_given(const Schedule& given) {
    ReplayStrategy replay(given.choices);
    replay.begin(0);
    const Record record = runner_.run_under(replay, plan_, 0);
    return Json({{"record", write_record(record)}, {"choices", choices_to_json(given.choices)}}).dump();
  }

  Trial try_choices(const Choices& choices, const std::optional<Hold>& hold = {}) {
    const JournalEntry entry = journal_.ask([&] { return write_trial(make_trial(choices, hold)); });
    ++runs_;
    if (!entry.crashed) return read_trial(entry.text);
    ++crashes_;
    Trial trial;
    trial.how = "O12: " + entry.text;
    trial.outcome = Trial::Outcome::other;
    return trial;
  }

  Trial make_trial(const Choices& choices, const std::optional<Hold>& hold) {
    ReplayStrategy replay(choices);
    if (hold) replay.let_go_after(hold->choice, hold->steps);
    replay.begin(0);
    EachStep each_step;
    const Record record = runner_.run_under(replay, plan_, 0, hold && hold->audit_each_step ? &each_step : nullptr);
    Trial trial;
    trial.steps = record.decisions;
    if (hold) {
      trial.held_since = replay.held_since();
      trial.first = replay.last_before_release();
      trial.towards = replay.window_after_release();
    }
    if (!record.failed) return trial;
    trial.outcome = failure_kind(record) == kind_ ? Trial::Outcome::same : Trial::Outcome::other;
    trial.how = record.oracle + ": " + record.sentence;
    trial.lasted = steps_lasted(record.sentence);
    if (!trial.same()) return trial;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      trial.mattered.push_back(replay.mattered(i));
      trial.next_windows.push_back(carry_any(replay.next_window(i)));
      trial.windows_before.push_back(carry_any(replay.window_before(i)));
    }
    return trial;
  }

  // Looks for runs of few preemptions that fail in the same way, and minimises the
  // simplest of them; false: there is none.
  bool minimize_simpler() {
    const bool faults = std::any_of(choices_.begin(), choices_.end(), [](const Choice& c) {
      const auto* a = std::get_if<Answer>(&c);
      return a != nullptr && a->question == Question::fault;
    });
    std::vector<Choices> found;
    std::uint64_t steps = 0;
    for (std::uint64_t i = 0; i < simpler_runs_max && found.size() < simpler_found_max; ++i) {
      if (steps > simpler_steps_max) break;
      const JournalEntry entry = journal_.ask([&] { return sample(i, faults); });
      ++runs_;
      crashes_ += entry.crashed ? 1 : 0;
      if (entry.crashed) continue;
      const Json json = Json::parse(entry.text);
      steps += json.at(0).get<std::uint64_t>();
      if (json.size() > 1) found.push_back(choices_from_json(json.at(1)));
    }
    std::optional<Choices> best;
    bool best_calm = false;  // it fails in the calm, by turns that no choice decides
    for (Choices& candidate : found) {
      choices_ = std::move(candidate);
      keep(try_choices(choices_));
      reduce();
      simplify();
      const bool calm = try_choices(choices_).steps >= plan_.storm_steps;
      if (best && (calm != best_calm ? calm : !simpler(choices_, *best))) continue;
      best = std::move(choices_);
      best_calm = calm;
    }
    if (best) choices_ = std::move(*best);
    return best.has_value();
  }

  // The length of one run under a sparse strategy, and its choices if it fails like this.
  std::string sample(std::uint64_t number, bool faults) {
    SparseStrategy sparse(faults);
    Recorder recorder(sparse);
    recorder.begin(derive(seed_of(plan_, SeedPart::strategy), number));
    const Record record = runner_.run_under(recorder, plan_, 0);
    Json out = {record.decisions};
    if (record.failed && failure_kind(record) == kind_) out.push_back(choices_to_json(recorder.choices()));
    return out.dump();
  }

  // Fewer choices; of equally many, more of them at windows.
  static bool simpler(const Choices& a, const Choices& b) {
    if (a.size() != b.size()) return a.size() < b.size();
    const auto at_window = [](const Choice& c) {
      const auto* s = std::get_if<Switch>(&c);
      return s != nullptr && s->preempts && s->at.at_window();
    };
    return std::count_if(a.begin(), a.end(), at_window) > std::count_if(b.begin(), b.end(), at_window);
  }

  bool exhausted() const { return runs_ >= runs_max; }

  // Leaves out what a failing run did not come to.
  void keep(const Trial& trial) {
    Choices kept;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      if (trial.mattered[i]) kept.push_back(std::move(choices_[i]));
    }
    choices_ = std::move(kept);
  }

  bool accept(Choices candidate) {
    const Trial trial = try_choices(candidate);
    if (!trial.same()) return false;
    choices_ = std::move(candidate);
    keep(trial);
    return true;
  }

  // Tries to do without `size` choices at a time, from the last ones on; true: some
  // were too many.
  bool sweep(std::size_t size) {
    bool any = false;
    for (std::size_t end = choices_.size(); end > 0 && !exhausted();) {
      const std::size_t from = end > size ? end - size : 0;
      Choices rest(choices_.begin(), choices_.begin() + static_cast<std::ptrdiff_t>(from));
      rest.insert(rest.end(), choices_.begin() + static_cast<std::ptrdiff_t>(end), choices_.end());
      if (accept(std::move(rest))) any = true;
      end = std::min(from, choices_.size());
    }
    return any;
  }

  void reduce() {
    for (std::size_t size = std::max<std::size_t>(choices_.size(), 1); size > 1; size = (size + 1) / 2) {
      sweep(size);
      size = std::min(size, std::max<std::size_t>(choices_.size(), 2));
    }
    while (sweep(1)) {
    }
  }

  void simplify() {
    for (std::size_t i = 0; i < choices_.size() && !exhausted(); ++i) drop_pauses(i);
    for (std::size_t i = 0; i < choices_.size() && !exhausted(); ++i) move_to_window(i);
    while (sweep(1)) {
    }
  }

  void drop_pauses(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || s->pauses == 0) return;
    Choices candidate = choices_;
    std::get<Switch>(candidate[i]).pauses = 0;
    accept(std::move(candidate));
  }

  // The window the thread passed last, or the one it would come to next. In a row of
  // windows without an operation in between, the first.
  void move_to_window(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || !s->preempts) return;
    std::vector<Point> places;
    const Trial trial = try_choices(choices_);
    const auto* before = std::get_if<Switch>(&trial.windows_before[i]);
    const auto* next = std::get_if<Switch>(&trial.next_windows[i]);
    if (before != nullptr) places.push_back(before->at);
    if (!s->at.at_window()) {
      if (s->at.occurrence != 0) places.push_back(Point{s->at.thread, s->at.window, s->at.occurrence, {}, {}, 0});
      if (next != nullptr) places.push_back(next->at);
    }
    for (Point& place : places) {
      if (place.nth == 0) place.kind = rt::engine::OpKind::count;
      Choices candidate = choices_;
      std::get<Switch>(candidate[i]).at = place;
      const bool taken = std::any_of(choices_.begin(), choices_.end(), [&](const Choice& c) {
        const auto* other = std::get_if<Switch>(&c);
        return other != nullptr && other->preempts && other->at == place;
      });
      if (!taken && accept(std::move(candidate))) return;
    }
  }

  std::vector<OtherFailure> other_failures() {
    std::vector<OtherFailure> others;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      Choices rest = choices_;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      const Trial trial = try_choices(rest);
      if (trial.outcome == Trial::Outcome::other) others.push_back({i, trial.how});
    }
    return others;
  }

  // The last preemption at a window, or the last one. One that has to last until the
  // storm is over decides little: the others come first.
  std::optional<AdjacentPair> find_pair() {
    std::optional<AdjacentPair> second_best;
    for (const bool at_window : {true, false}) {
      for (std::size_t i = choices_.size(); i-- > 0;) {
        const auto* s = std::get_if<Switch>(&choices_[i]);
        if (s == nullptr || !s->preempts || s->at.at_window() != at_window) continue;
        const auto [pair, until_calm] = pair_of(i);
        if (pair && !until_calm) return pair;
        if (pair && !second_best) second_best = pair;
      }
    }
    return second_best;
  }

  struct Found {
    std::optional<AdjacentPair> pair;
    bool until_calm = false;
  };

  Found pair_of(std::size_t choice) {
    const auto fails_after = [&](std::uint64_t n) { return try_choices(choices_, Hold{choice, n}).same(); };
    if (fails_after(0)) return {};
    if (auto pair = onset_of(choice)) return {pair, false};
    std::uint64_t passes = 0, fails = 1;
    for (; !fails_after(fails); fails *= 2) {
      if (fails > hold_steps_max) return {};
      passes = fails;
    }
    while (fails - passes > 1) {
      const std::uint64_t middle = passes + (fails - passes) / 2;
      (fails_after(middle) ? fails : passes) = middle;
    }
    const Trial trial = try_choices(choices_, Hold{choice, fails});
    const bool swapped_passes = try_choices(choices_, Hold{choice, fails - 1}).outcome == Trial::Outcome::passes;
    if (!trial.first || !swapped_passes) return {};
    return {AdjacentPair{choice, *trial.first, trial.towards, carried(choices_[choice]), fails, 0},
            trial.held_since + fails >= plan_.storm_steps};
  }

  // Where the oracle is patient: the step by which the world was wrong for the first
  // time. The thread that is held could put it right for a while yet.
  std::optional<AdjacentPair> onset_of(std::size_t choice) {
    constexpr std::uint64_t for_ever = ~std::uint64_t{0} / 2;
    const Trial trial = try_choices(choices_, Hold{choice, for_ever, true});
    if (!trial.same() || trial.lasted == 0 || trial.held_since == 0) return std::nullopt;
    if (trial.steps < trial.lasted + trial.held_since + 1) return std::nullopt;
    const std::uint64_t n = trial.steps - trial.lasted - trial.held_since;
    const Trial at_onset = try_choices(choices_, Hold{choice, n});
    const Trial earlier = try_choices(choices_, Hold{choice, n - 1});
    if (earlier.outcome != Trial::Outcome::passes || !at_onset.first) return std::nullopt;
    return AdjacentPair{choice, *at_onset.first, at_onset.towards, carried(choices_[choice]), n, trial.lasted};
  }

  Record final_run() {
    const JournalEntry entry = journal_.ask([&] {
      ReplayStrategy replay(choices_);
      replay.begin(0);
      return write_record(runner_.run_under(replay, plan_, 0));
    });
    ++runs_;
    if (entry.crashed) throw ToolError("the minimised run takes its process down: " + entry.text);
    return read_record(entry.text);
  }

  Plan plan_;
  Runner runner_;
  Journal& journal_;
  std::string kind_;
  Choices choices_;
  std::size_t recorded_ = 0;
  std::uint64_t runs_ = 0;
  std::uint64_t crashes_ = 0;
};

}  // namespace

Plan with_fixed_storm(const Plan& plan) {
  Plan fixed = plan;
  fixed.storm_steps = draw_machine(plan).storm_steps;
  return fixed;
}

std::string failure_kind(const Record& record) {
  // What follows the first of these marks is the state of the world.
  Record general = record;
  general.last_windows.clear();
  general.sentence = general.sentence.substr(0, general.sentence.find_first_of("\"(,;"));
  return finding_key(general);
}

Minimized minimize(const MinimizeRequest& request, std::span<const Stressor> stressors) {
  check_plan(request.plan, stressors);
  const Plan plan = with_fixed_storm(request.plan);
  return read_minimized(run_isolated([&](Journal& journal) {
    return write_minimized(Minimizer(plan, stressors, journal).run(request.schedule));
  }));
}

}  // namespace jitterbug
