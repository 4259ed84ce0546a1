#include "harness/minimize/observe.h"

#include <functional>
#include <sstream>
#include <utility>

#include "harness/campaign/isolate.h"
#include "harness/minimize/messages.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/schedule/schedule_text.h"
#include "harness/schedule/whereabouts.h"
#include "harness/simulated/runner.h"
#include "harness/strategy/forward.h"

namespace jitterbug {
namespace {

using Line = std::function<void(const std::string&)>;

// Replays a schedule and tells two kinds of lines: the point of each step, and the counters
// that the audit after it shows.
class Observer final : public ForwardingStrategy, public AuditWatch {
 public:
  Observer(const Schedule& schedule, Line tell) : replay_(schedule.choices), tell_(std::move(tell)) {
    forward_to(replay_);
  }

  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override {
    where_.thread_started(thread, role);
    ForwardingStrategy::thread_started(thread, parent, role);
  }
  void announces(ThreadId thread, const Op& op) override {
    where_.announces(thread, op);
    tell_(point_line(where_.point(thread)));
    stepped_ = true;
    ForwardingStrategy::announces(thread, op);
  }

  bool audit(const Evidence& evidence) override {
    const rt::Counters& c = evidence.counters();
    if (!c.started || !stepped_) return true;
    if (c.lock_free) {
      queued_ = c.global_queue;
      for (const rt::PView& p : evidence.snapshot().ps) queued_ += p.queued;
    }
    if (!evidence.calm()) tell_(write_words({c.nmspinning, c.needspinning, c.npidle, queued_}));
    return true;
  }

 private:
  ReplayStrategy replay_;
  Line tell_;
  Whereabouts where_;
  bool stepped_ = false;
  int queued_ = 0;  // as of the last audit with all locks free
};

Record run_observed(const Plan& plan, const Schedule& schedule, const Line& tell) {
  Observer observer(schedule, tell);
  observer.begin(0);
  return Runner().run_under(observer, plan, 0, &observer);
}

std::vector<ObservedStep> read_steps(const std::string& text) {
  std::vector<ObservedStep> steps;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (is_words(line)) {
      steps.back().words = read_words(line);
    } else {
      steps.push_back({read_point(line), std::nullopt});
    }
  }
  return steps;
}

}  // namespace

// A run that takes its process down takes its steps along: it is run again with each step
// written to the journal at once.
Observed observe(const Plan& plan, const Schedule& schedule) {
  const ToldRun told = read_told(run_isolated([&](Journal& journal) {
    const JournalEntry entry = journal.ask([&] {
      std::string steps;
      const Record record = run_observed(plan, schedule, [&](const std::string& line) { steps += line + "\n"; });
      return write_told({record, steps});
    });
    if (!entry.crashed) return entry.text;
    const JournalEntry again = journal.ask([&] {
      run_observed(plan, schedule, [&](const std::string& line) { journal.note(line); });
      return "";
    });
    return write_told({crash_record(entry.ending), again.notes});
  }));
  return {read_steps(told.lines), told.record};
}

}  // namespace jitterbug
