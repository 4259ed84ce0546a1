#include "harness/perform/perform.h"
#include "harness/run/trace_text.h"
#include "harness/script/script_strategy.h"
#include "harness/sim/machine.h"
#include "harness/simulated/sim_scene.h"
#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

constexpr std::size_t steps_traced = 1'000;

}  // namespace

const char* const perform_where = "in the simulation";

Performance perform(const Performing& what) {
  const Script script = Script::parse(what.fix->script, what.fix->name);
  Stage stage(script);
  RandomStrategy random;
  ScriptStrategy strategy(stage, random);
  strategy.begin(what.seed);
  static Machine machine;
  const std::map<std::string, std::int64_t> nothing_fixed;
  SimScene scene(machine, Judges::scheduler, what.seed, nothing_fixed);
  scene.follow(&strategy);
  MachineOptions options;
  options.storm_steps = 1'000'000;
  options.lifted = what.lifted;
  options.trace_capacity = steps_traced;
  const RunResult result = machine.run(options, strategy, scene, [&] { what.fix->run(scene); });
  Performance p = {result.failed(),
                   number_of(result.failure),
                   sentence_of(result.failure),
                   result.failed() ? "" : stage.complaint(),
                   "",
                   {}};
  if (p.failed || !p.complaint.empty()) {
    for (const TraceStep& step : result.trace) p.trace.push_back(trace_line(step));
  }
  return p;
}

}  // namespace jitterbug
