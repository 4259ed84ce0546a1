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

std::string lanes(const Schedule& schedule, const std::optional<AdjacentPair>& pair,
                  std::span<const Stressor> stressors) {
  return interleaving_text(observe(*parse_token(schedule.token).plan, schedule, stressors), schedule, pair);
}

void replay_for_trace(const Plan& plan, std::span<const Stressor> stressors) {
  const Replay replayed = replay({.plan = plan, .trace_steps = trace_file_steps_max}, stressors, nullptr);
  keep_trace(plan, replayed.record);
}

void keep_schedules(const Plan& plan, std::span<const Stressor> stressors) {
  const std::string name = output_name(plan);
  try {
    keep_output(name + ".interleaving", lanes(recorded_schedule(plan, stressors), std::nullopt, stressors));
  } catch (const ImpossibleError& error) {  // it hangs
    return keep_output(name + ".interleaving", std::string("(no interleaving: ") + error.what() + ")\n");
  }
  const Minimized minimized = minimize({.plan = plan, .schedule = std::nullopt}, stressors);
  keep_output(name + ".schedule", schedule_file_text(minimized));
  keep_output(name + ".interleaving",
              lanes(minimized.schedule, minimized.pair, stressors) + "\n" + minimized_text(minimized));
}

}  // namespace

void keep_finding(const Finding& finding, std::span<const Stressor> stressors) {
  const Plan& plan = finding.plan;
  name_in_xml(finding);
  if (!keeps_outputs()) return;
  keep_token(plan);
  try {
    replay_for_trace(plan, stressors);
    keep_schedules(plan, stressors);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

}  // namespace jitterbug
