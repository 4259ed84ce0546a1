#include "harness/minimize/replay_schedule.h"

#include <sstream>

#include "harness/campaign/isolate.h"
#include "harness/schedule/replay_strategy.h"
#include "harness/simulated/runner.h"

namespace jitterbug {

ScheduleReplay replay_schedule(const ReplayRequest& request, const Schedule& schedule) {
  check_plan(request.plan);
  const auto run_once = [&](Runner& runner, bool first) {
    ReplayStrategy strategy(schedule.choices);
    strategy.begin(0);
    const Record record = runner.run_under(strategy, request.plan, first ? request.trace_steps : 0);
    return strategy.divergence() + "\n" + write_record(record);
  };
  // Each run is a question to the process that may die of it.
  const std::string all = run_isolated(
      [&](Journal& journal) {
        Runner runner;
        std::string lines;
        for (std::uint64_t i = 0; i < request.times; ++i) {
          const JournalEntry entry = journal.ask([&] { return run_once(runner, i == 0); });
          lines += (entry.crashed ? "\n" + write_record(crash_record(entry.ending)) : entry.text) + "\n";
        }
        return lines;
      },
      request.hang_seconds);
  ScheduleReplay out;
  std::istringstream lines(all);
  for (std::string diverged, line; std::getline(lines, diverged) && std::getline(lines, line); ++out.replay.times) {
    const Record record = read_record(line);
    if (out.replay.times == 0) {
      out.replay.record = record;
      out.divergence = diverged;
    }
    out.replay.failures += record.failed() ? 1 : 0;
    out.replay.identical = out.replay.identical && same_run(record, out.replay.record);
  }
  return out;
}

}  // namespace jitterbug
