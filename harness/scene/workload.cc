#include "harness/scene/workload.h"

#include <algorithm>
#include <iterator>

#include "harness/base/errors.h"
#include "harness/base/text.h"

namespace jitterbug {
namespace {

// Made by the first that registers, wherever its object comes in the order of the link.
std::vector<Workload>& registry() {
  static std::vector<Workload> all;
  return all;
}

bool before(const Workload& workload, std::string_view name) { return workload.name < name; }

}  // namespace

RegisteredWorkload::RegisteredWorkload(const Workload& workload) {
  std::vector<Workload>& all = registry();
  all.insert(std::lower_bound(all.begin(), all.end(), std::string_view(workload.name), before), workload);
}

std::span<const Workload> workloads() { return registry(); }

const Workload* find_workload(std::string_view name) {
  const std::vector<Workload>& all = registry();
  const auto at = std::lower_bound(all.begin(), all.end(), name, before);
  return at != all.end() && at->name == name ? &*at : nullptr;
}

const Workload& workload_named(const std::string& name) {
  const Workload* workload = find_workload(name);
  if (workload == nullptr) throw UsageError("unknown workload '" + name + "': see jitterbug list workloads");
  return *workload;
}

std::size_t number_of_workload(std::string_view name) {
  return static_cast<std::size_t>(find_workload(name) - registry().data());
}

std::vector<Workload> stressors() {
  std::vector<Workload> those;
  const auto is_one = [](const Workload& workload) {
    return workload.judges == Judges::scheduler && workload.script == nullptr;
  };
  std::copy_if(registry().begin(), registry().end(), std::back_inserter(those), is_one);
  return those;
}

std::vector<std::string> workloads_named(std::string_view list, const std::string& option) {
  std::vector<std::string> names;
  if (list == "all") {
    for (const Workload& workload : stressors()) names.emplace_back(workload.name);
    return names;
  }
  for (const std::string& name : split_list(list)) {
    if (find_workload(name) == nullptr) {
      throw UsageError(option + " '" + name + "': unknown workload; see jitterbug list workloads");
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty()) throw UsageError(option + " '" + std::string(list) + "': names no workload");
  return names;
}

}  // namespace jitterbug
