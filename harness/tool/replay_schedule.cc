// jitterbug replay, of a schedule.

#include "harness/minimize/replay_schedule.h"
#include "harness/minimize/observe.h"
#include "harness/report/interleaving.h"
#include "harness/report/json.h"
#include "harness/report/schedule_report.h"
#include "harness/report/text.h"
#include "harness/run/trace_file.h"
#include "harness/tool/replay.h"
#include "harness/tool/report_to.h"

namespace jitterbug {
namespace {

Exit replay_aloud(const ReplayCommand& command, const Schedule& schedule) {
  Report report(command.json_path);
  std::optional<OutputFile> trace;
  if (!command.trace_path.empty()) trace.emplace(command.trace_path);
  const ScheduleReplay result = replay_schedule(command.request, schedule);
  const OfSchedule of = {command.path, result.divergence};
  if (trace) trace->write(trace_file_text(command.request.plan, result.replay.record));
  const std::string picture = interleaving_text(observe(command.request.plan, schedule), schedule, std::nullopt) + "\n";
  report.deliver(picture + replay_text(command.request, result.replay, &of) + divergence_text(schedule, result),
                 replay_json(command.request, result.replay, &of));
  const Exit exit = exit_of(result.replay);
  if (!result.divergence.empty() && exit == Exit::good) {
    throw ImpossibleError(command.path + ": the replay diverged and passed: " + result.divergence);
  }
  return exit;
}

[[maybe_unused]] const bool registered = (schedule_replayer = replay_aloud, true);

}  // namespace
}  // namespace jitterbug
