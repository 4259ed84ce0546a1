#include "harness/minimize/recorded.h"

#include "harness/campaign/isolate.h"
#include "harness/minimize/attempts.h"
#include "harness/minimize/messages.h"
#include "harness/run/token.h"
#include "harness/simulated/runner.h"
#include "harness/simulated/swarm.h"

namespace jitterbug {

Schedule recorded_schedule(const Plan& plan) {
  check_plan(plan);
  const Plan with_storm = with_fixed_storm(plan);
  const std::string choices =
      run_isolated([&](Journal& journal) { return write_choices(Attempts(with_storm, journal).begin(std::nullopt)); });
  return {.token = to_token(with_storm), .choices = read_choices(choices)};
}

}  // namespace jitterbug
