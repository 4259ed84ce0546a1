// run_schedules STRESSOR FIRST COUNT [ROW]: runs COUNT schedules of a workload, from
// seed FIRST on, in this process, with a row of the bank lifted. Prints `seed N` before
// each. A sanitizer's report ends the process; what an oracle finds does not.
// Exit code: 0, 2 bad usage, 125 the row's patch does not fit the scheduler in the tree.

#include <cinttypes>
#include <cstdio>
#include <exception>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"
#include "harness/simulated/runner.h"

int main(int argc, char** argv) {
  const auto first = argc >= 4 ? jitterbug::parse_unsigned(argv[2]) : std::nullopt;
  const auto count = argc >= 4 ? jitterbug::parse_unsigned(argv[3]) : std::nullopt;
  if (!first || !count || argc > 5) {
    std::fprintf(stderr, "usage: run_schedules STRESSOR FIRST COUNT [ROW]\n");
    return 2;
  }
  try {
    jitterbug::Plan plan;
    plan.workload = argv[1];
    plan.lifted = argc > 4 ? argv[4] : "";
    check_plan(plan);
    jitterbug::Runner runner;
    for (plan.seed = *first; plan.seed != *first + *count; ++plan.seed) {
      std::printf("seed %" PRIu64 "\n", plan.seed);
      std::fflush(stdout);
      runner.run(plan);
    }
  } catch (const jitterbug::ImpossibleError& error) {
    std::fprintf(stderr, "run_schedules: %s\n", error.what());
    return static_cast<int>(jitterbug::Exit::impossible);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "run_schedules: %s\n", error.what());
    return 2;
  }
}
