#include "harness/scene/race.h"

#include <algorithm>
#include <vector>

namespace jitterbug {
namespace {

std::vector<Race>& registry() {
  static std::vector<Race> all;
  return all;
}

bool before(const Race& a, const Race& b) {
  return std::string_view(a.workload.name) < std::string_view(b.workload.name);
}

}  // namespace

RegisteredRaces::RegisteredRaces(std::span<const Race> some) {
  std::vector<Race>& all = registry();
  all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end(), before);
  for (const Race& race : some) const RegisteredWorkload registered(race.workload);
}

std::span<const Race> races() { return registry(); }

const Race* find_race(std::string_view name) {
  for (const Race& race : registry()) {
    if (name == race.workload.name) return &race;
  }
  return nullptr;
}

}  // namespace jitterbug
