#include "harness/scene/race.h"

#include <algorithm>

namespace jitterbug {
namespace {

std::vector<Race>& registry() {
  static std::vector<Race> all;
  return all;
}

}  // namespace

RegisteredRaces::RegisteredRaces(std::span<const Race> some) {
  std::vector<Race>& all = registry();
  all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end(),
            [](const Race& a, const Race& b) { return std::string_view(a.name) < std::string_view(b.name); });
}

std::span<const Race> races() { return registry(); }

const Race* find_race(std::string_view name) {
  for (const Race& race : registry()) {
    if (name == race.name) return &race;
  }
  return nullptr;
}

}  // namespace jitterbug
