#include "harness/native/child.h"
#include "harness/native/native_scene.h"
#include "harness/native/native_script.h"
#include "harness/native/perturb.h"
#include "harness/perform/perform.h"

namespace jitterbug {
namespace {

constexpr double hang_seconds = 60;

}  // namespace

const char* const perform_where = "on real threads";

Performance perform(const Performing& what) {
  const Script script = Script::parse(what.fix->script, what.fix->name);
  const Ended ended = run_in_child(
      [&](const ToParent& parent) {
        Stage stage(script);
        trace_operations(parent.trace);
        set_perturbation({.seed = what.seed, .lifted = what.lifted});
        follow_script(&stage);
        {
          const std::map<std::string, std::int64_t> nothing_fixed;
          NativeScene scene(what.seed, nothing_fixed, parent);
          what.fix->run(scene);
        }
        follow_script(nullptr);
        clear_perturbation();
        if (!stage.complete()) report_line(parent.reports, "note\t" + stage.complaint());
      },
      hang_seconds);
  const std::string complaint = ended.notes.empty() ? "" : ended.notes.front();
  return {ended.failure.has_value(),
          number_of(ended.failure),
          sentence_of(ended.failure),
          complaint,
          ended.output,
          ended.trace};
}

}  // namespace jitterbug
