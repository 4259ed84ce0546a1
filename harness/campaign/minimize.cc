#include "harness/campaign/minimize.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/campaign/draw.h"
#include "harness/campaign/errors.h"
#include "harness/campaign/isolate.h"
#include "harness/campaign/runner.h"
#include "harness/campaign/swarm.h"
#include "harness/campaign/token.h"
#include "harness/schedule/recorder.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/schedule_text.h"
#include "harness/schedule/sparse.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;
using Choices = std::vector<Choice>;

// Steps that a preemption is stretched by while the deciding one is looked for.
constexpr std::uint64_t hold_steps_max = 2'000;

// Counted in runs, not in seconds: equal requests have equal results.
constexpr std::uint64_t runs_max = 12'000;
constexpr std::uint64_t simpler_runs_max = 3'000;  // in search of a simpler run
constexpr std::size_t simpler_found_max = 8;

// How one run with some choices went.
struct Trial {
  enum class Outcome : char { passes = 'p', same = 's', other = 'o' };
  Outcome outcome = Outcome::passes;
  std::string how;               // of a failure
  std::vector<bool> mattered;    // by choice, of a failure of the same kind
  Choices next_windows;          // one Switch for each preemption that reached one; `at` is all it has
  std::optional<Point> first;    // with a hold: the last step before it ended
  std::optional<Point> towards;  // and the window it leads to

  bool same() const { return outcome == Outcome::same; }
};

// A point travels as a choice, which has a text.
Choice carry(const Point& point) { return Switch{point, true, point.thread, 0}; }

Json to_json(const Choices& choices) {
  Json out = Json::array();
  for (const Choice& c : choices) out.push_back(to_text(c));
  return out;
}

Choices choices_from(const Json& json) {
  Choices out;
  for (const Json& line : json) {
    std::optional<Choice> choice = parse_choice(line.get<std::string>());
    if (!choice) throw ToolError("a process sent a malformed choice: " + line.get<std::string>());
    out.push_back(std::move(*choice));
  }
  return out;
}

const Point& carried(const Choice& choice) { return std::get<Switch>(choice).at; }

std::string write_trial(const Trial& trial) {
  std::string bits;
  for (const bool b : trial.mattered) bits += b ? '1' : '0';
  Json json = {{"o", std::string(1, static_cast<char>(trial.outcome))}, {"how", trial.how}, {"m", bits}};
  if (!trial.next_windows.empty()) json["w"] = to_json(trial.next_windows);
  if (trial.first) json["f"] = to_json({carry(*trial.first)});
  if (trial.towards) json["t"] = to_json({carry(*trial.towards)});
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Trial read_trial(const std::string& text) {
  const Json json = Json::parse(text);
  Trial trial;
  trial.outcome = static_cast<Trial::Outcome>(json.at("o").get<std::string>().at(0));
  trial.how = json.at("how").get<std::string>();
  for (const char c : json.at("m").get<std::string>()) trial.mattered.push_back(c == '1');
  if (json.contains("w")) trial.next_windows = choices_from(json.at("w"));
  if (json.contains("t")) trial.towards = carried(choices_from(json.at("t")).front());
  if (json.contains("f")) trial.first = carried(choices_from(json.at("f")).front());
  return trial;
}

// What a test asks for besides its choices.
struct Hold {
  std::size_t choice = 0;
  std::uint64_t steps = 0;
};

class Minimizer {
 public:
  Minimizer(const Plan& plan, std::span<const Stressor> stressors, Journal& journal)
      : plan_(plan), runner_(stressors), journal_(journal) {}

  Minimized run(const std::optional<Schedule>& given) {
    begin(given);
    if (!minimize_simpler()) {
      keep(try_choices(choices_));
      reduce();
      simplify();
    }
    Minimized out;
    out.recorded = recorded_;
    out.others = other_failures();
    out.pair = find_pair();
    out.record = final_run();
    out.runs = runs_;
    out.schedule = {to_token(plan_), out.record.oracle, out.record.sentence, choices_};
    return out;
  }

 private:
  void begin(const std::optional<Schedule>& given) {
    const JournalEntry entry = journal_.ask([&] { return given ? run_given(*given) : run_recorded(); });
    if (entry.crashed) throw ImpossibleError("the run takes its process down, and its schedule with it: " + entry.text);
    const Json json = Json::parse(entry.text);
    const Record record = read_record(json.at("record").get<std::string>());
    choices_ = choices_from(json.at("choices"));
    recorded_ = choices_.size();
    ++runs_;
    if (!record.failed) throw UsageError("the run passes: there is nothing to minimise");
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
    return Json({{"record", write_record(record)}, {"choices", to_json(choices)}}).dump();
  }

  std::string run_given(const Schedule& given) {
    ReplayStrategy replay(given.choices);
    replay.begin(0);
    const Record record = runner_.run_under(replay, plan_, 0);
    return Json({{"record", write_record(record)}, {"choices", to_json(given.choices)}}).dump();
  }

  Trial try_choices(const Choices& choices, const std::optional<Hold>& hold = {}) {
    const JournalEntry entry = journal_.ask([&] { return write_trial(make_trial(choices, hold)); });
    ++runs_;
    if (!entry.crashed) return read_trial(entry.text);
    Trial trial;
    trial.how = "O12: " + entry.text;
    trial.outcome = Trial::Outcome::other;
    return trial;
  }

  Trial make_trial(const Choices& choices, const std::optional<Hold>& hold) {
    ReplayStrategy replay(choices);
    if (hold) replay.let_go_after(hold->choice, hold->steps);
    replay.begin(0);
    const Record record = runner_.run_under(replay, plan_, 0);
    Trial trial;
    if (!record.failed) return trial;
    trial.outcome = failure_kind(record) == kind_ ? Trial::Outcome::same : Trial::Outcome::other;
    trial.how = record.oracle + ": " + record.sentence;
    if (!trial.same()) return trial;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      trial.mattered.push_back(replay.mattered(i));
      if (replay.next_window(i)) trial.next_windows.push_back(carry(*replay.next_window(i)));
    }
    if (hold) {
      trial.first = replay.last_before_release();
      trial.towards = replay.window_after_release();
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
    for (std::uint64_t i = 0; i < simpler_runs_max && found.size() < simpler_found_max; ++i) {
      const JournalEntry entry = journal_.ask([&] { return sample(i, faults); });
      ++runs_;
      if (!entry.crashed && !entry.text.empty()) found.push_back(choices_from(Json::parse(entry.text)));
    }
    std::optional<Choices> best;
    for (Choices& candidate : found) {
      choices_ = std::move(candidate);
      keep(try_choices(choices_));
      reduce();
      simplify();
      if (!best || simpler(choices_, *best)) best = std::move(choices_);
    }
    if (best) choices_ = std::move(*best);
    return best.has_value();
  }

  // The choices of one run under a sparse strategy; empty: it does not fail like this.
  std::string sample(std::uint64_t number, bool faults) {
    SparseStrategy sparse(faults);
    Recorder recorder(sparse);
    recorder.begin(derive(seed_of(plan_, SeedPart::strategy), number));
    const Record record = runner_.run_under(recorder, plan_, 0);
    return record.failed && failure_kind(record) == kind_ ? to_json(recorder.choices()).dump() : "";
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

  // The window the thread passed last, or the one it would come to next.
  void move_to_window(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || !s->preempts || s->at.at_window()) return;
    std::vector<Point> places;
    if (s->at.occurrence != 0) {
      places.push_back(s->at);
      places.back().nth = 0;
      places.back().kind = rt::engine::OpKind::count;
      places.back().file.clear();
    }
    Choices alone = {choices_[i]};
    for (const Choice& w : try_choices(choices_).next_windows) {
      if (carried(w).thread == s->at.thread) places.push_back(carried(w));
    }
    for (const Point& place : places) {
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

  // The last preemption at a window, or the last one.
  std::optional<AdjacentPair> find_pair() {
    for (const bool at_window : {true, false}) {
      for (std::size_t i = choices_.size(); i-- > 0;) {
        const auto* s = std::get_if<Switch>(&choices_[i]);
        if (s == nullptr || !s->preempts || s->at.at_window() != at_window) continue;
        if (auto pair = pair_of(i)) return pair;
      }
    }
    return std::nullopt;
  }

  std::optional<AdjacentPair> pair_of(std::size_t choice) {
    const Hold none = {choice, 0};
    if (try_choices(choices_, none).same()) return std::nullopt;
    for (std::uint64_t n = 1; n <= hold_steps_max && !exhausted(); ++n) {
      const Trial trial = try_choices(choices_, Hold{choice, n});
      if (!trial.same()) continue;
      if (!trial.first) return std::nullopt;
      return AdjacentPair{choice, *trial.first, trial.towards, carried(choices_[choice]), n};
    }
    return std::nullopt;
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

  const Plan& plan_;
  Runner runner_;
  Journal& journal_;
  std::string kind_;
  Choices choices_;
  std::size_t recorded_ = 0;
  std::uint64_t runs_ = 0;
};

std::string write_result(const Minimized& m) {
  Json json = {{"schedule", to_text(m.schedule)}, {"record", write_record(m.record)}, {"recorded", m.recorded},
               {"runs", m.runs}, {"others", Json::array()}};
  for (const OtherFailure& other : m.others) json["others"].push_back({other.choice, other.how});
  if (m.pair) {
    json["pair"] = {{"choice", m.pair->choice}, {"steps", m.pair->steps},
                    {"points", to_json({carry(m.pair->first), carry(m.pair->held)})}};
    if (m.pair->towards) json["pair"]["towards"] = to_json({carry(*m.pair->towards)});
  }
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Minimized read_result(const std::string& text) {
  const Json json = Json::parse(text);
  Minimized m;
  ParsedSchedule parsed = parse_schedule(json.at("schedule").get<std::string>());
  if (!parsed.schedule) throw ToolError("a process sent a malformed schedule: " + parsed.message);
  m.schedule = std::move(*parsed.schedule);
  m.record = read_record(json.at("record").get<std::string>());
  m.schedule.sentence = m.record.sentence;
  json.at("recorded").get_to(m.recorded);
  json.at("runs").get_to(m.runs);
  for (const Json& other : json.at("others")) {
    m.others.push_back({other.at(0).get<std::size_t>(), other.at(1).get<std::string>()});
  }
  if (!json.contains("pair")) return m;
  const Json& pair = json.at("pair");
  const Choices points = choices_from(pair.at("points"));
  m.pair = AdjacentPair{pair.at("choice").get<std::size_t>(), carried(points.at(0)), std::nullopt,
                        carried(points.at(1)), pair.at("steps").get<std::uint64_t>()};
  if (pair.contains("towards")) m.pair->towards = carried(choices_from(pair.at("towards")).front());
  return m;
}

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
  return read_result(run_isolated([&](Journal& journal) {
    return write_result(Minimizer(plan, stressors, journal).run(request.schedule));
  }));
}

}  // namespace jitterbug
