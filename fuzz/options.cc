#include "fuzz/options.h"

#include <algorithm>
#include <string_view>

#include "harness/base/errors.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"
#include "harness/scene/workload.h"
#include "harness/simulated/runner.h"

namespace jitterbug::fuzz {
namespace {

std::string row_of(const std::string& name) {
  const Defect* row = find_defect(name);
  if (row == nullptr) throw UsageError("--lift '" + name + "': unknown safeguard");
  return row->id;
}

}  // namespace

Options parse_options(std::span<char* const> arguments) {
  Options options;
  options.workloads = workloads_named("all", "--stressor");
  options.lifted = linked_patch();
  for (const std::string_view argument : arguments) {
    if (!argument.starts_with("--")) continue;
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view flag = argument.substr(0, equals);
    const std::string value(equals < argument.size() ? argument.substr(equals + 1) : "");
    if (argument == "--corpus-test") {
      options.corpus_test = true;
    } else if (flag == "--stressor") {
      options.workloads = workloads_named(value, "--stressor");
    } else if (flag == "--findings" && !value.empty()) {
      options.findings = value;
    } else if (flag == "--lift") {
      options.lifted = row_of(value);
      options.any_lift = false;
    } else {
      throw UsageError("unknown flag '" + std::string(argument) +
                       "': --lift=ROW, --stressor=A,B, --findings=FILE or --corpus-test");
    }
  }
  Plan plan;
  plan.workload = options.workloads.front();
  plan.lifted = options.lifted;
  check_plan(plan);
  return options;
}

}  // namespace jitterbug::fuzz
