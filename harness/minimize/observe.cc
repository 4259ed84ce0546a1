#include "harness/minimize/observe.h"

#include <nlohmann/json.hpp>

#include "harness/campaign/errors.h"
#include "harness/campaign/isolate.h"
#include "harness/campaign/runner.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/schedule_text.h"
#include "harness/schedule/whereabouts.h"
#include "harness/strategy/forward.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

// Replays, and writes down each step and what the audit that follows it shows.
class Observer final : public ForwardingStrategy, public AuditWatch {
 public:
  explicit Observer(const Schedule& schedule) : replay_(schedule.choices) { forward_to(replay_); }

  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override {
    where_.thread_started(thread, role);
    ForwardingStrategy::thread_started(thread, parent, role);
  }
  void announces(ThreadId thread, const Op& op) override {
    where_.announces(thread, op);
    steps_.push_back({where_.point(thread), std::nullopt});
    ForwardingStrategy::announces(thread, op);
  }

  bool audit(const Evidence& evidence) override {
    const rt::Counters& c = evidence.counters();
    if (!c.started || steps_.empty()) return true;
    if (c.lock_free) {
      queued_ = c.global_queue;
      for (const rt::PView& p : evidence.snapshot().ps) queued_ += p.queued;
    }
    if (!evidence.calm()) steps_.back().words = StateWords{c.nmspinning, c.needspinning, c.npidle, queued_};
    return true;
  }

  const std::vector<ObservedStep>& steps() const { return steps_; }

 private:
  ReplayStrategy replay_;
  Whereabouts where_;
  std::vector<ObservedStep> steps_;
  int queued_ = 0;  // as last seen with all locks free
};

std::string write(const Observer& observer, const Record& record) {
  Json steps = Json::array();
  for (const ObservedStep& step : observer.steps()) {
    Json line = {point_line(step.point)};
    if (step.words) {
      line.push_back({step.words->nmspinning, step.words->needspinning, step.words->npidle, step.words->queued});
    }
    steps.push_back(std::move(line));
  }
  return Json({{"record", write_record(record)}, {"steps", steps}}).dump();
}

Observed read(const std::string& text) {
  const Json json = Json::parse(text);
  Observed observed;
  observed.record = read_record(json.at("record").get<std::string>());
  for (const Json& line : json.at("steps")) {
    std::optional<Point> point = parse_point(line.at(0).get<std::string>());
    if (!point) throw ToolError("a process sent a malformed step");
    ObservedStep& step = observed.steps.emplace_back(ObservedStep{std::move(*point), std::nullopt});
    if (line.size() < 2) continue;
    const Json& w = line.at(1);
    step.words = StateWords{w.at(0).get<int>(), w.at(1).get<int>(), w.at(2).get<int>(), w.at(3).get<int>()};
  }
  return observed;
}

}  // namespace

Observed observe(const Plan& plan, const Schedule& schedule, std::span<const Stressor> stressors) {
  return read(run_isolated([&](Journal& journal) {
    const JournalEntry entry = journal.ask([&] {
      Observer observer(schedule);
      observer.begin(0);
      Runner runner(stressors);
      const Record record = runner.run_under(observer, plan, 0, &observer);
      return write(observer, record);
    });
    if (!entry.crashed) return entry.text;
    Record record;
    record.failed = record.crashed = true;
    record.oracle = "O12";
    record.sentence = entry.text;
    return Json({{"record", write_record(record)}, {"steps", Json::array()}}).dump();
  }));
}

}  // namespace jitterbug
