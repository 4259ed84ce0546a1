#include "harness/test_outputs/keep_finding.h"

#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>

#include "harness/base/errors.h"
#include "harness/campaign/replay.h"
#include "harness/minimize/minimize.h"
#include "harness/minimize/observe.h"
#include "harness/minimize/recorded.h"
#include "harness/report/interleaving.h"
#include "harness/report/schedule_report.h"
#include "harness/run/token.h"
#include "harness/run/trace_file.h"
#include "harness/test_outputs/outputs.h"

namespace jitterbug {
namespace {

std::string lanes(const Schedule& schedule, const std::optional<AdjacentPair>& pair) {
  return interleaving_text(observe(*parse_token(schedule.token).plan, schedule), schedule, pair);
}

void replay_for_trace(const Plan& plan) {
  const Replay replayed = replay({.plan = plan, .trace_steps = trace_file_steps_max}, nullptr);
  keep_trace(plan, replayed.record);
}

void keep_schedules(const Plan& plan) {
  const std::string name = output_name(plan);
  try {
    keep_output(name + ".interleaving", lanes(recorded_schedule(plan), std::nullopt));
  } catch (const ImpossibleError& error) {  // it hangs
    return keep_output(name + ".interleaving", std::string("(no interleaving: ") + error.what() + ")\n");
  }
  const Minimized minimized = minimize({.plan = plan, .schedule = std::nullopt});
  keep_output(name + ".schedule", schedule_file_text(minimized));
  keep_output(name + ".interleaving", lanes(minimized.schedule, minimized.pair) + "\n" + minimized_text(minimized));
}

}  // namespace

void keep_finding(const Finding& finding) {
  const Plan& plan = finding.plan;
  name_in_xml(finding);
  if (!keeps_outputs()) return;
  keep_token(plan);
  try {
    replay_for_trace(plan);
    keep_schedules(plan);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

}  // namespace jitterbug
