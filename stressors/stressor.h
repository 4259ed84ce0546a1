#pragma once
// A stressor is a workload that provokes races. It sees the runtime's public
// interface and its scene: the parameters drawn for this run, external threads,
// and a ledger in which it notes what must come true.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "harness/scene/scene.h"

namespace jitterbug {

struct Stressor {
  const char* name;
  const char* provokes;          // one sentence
  void (*run)(Scene& scene);     // called on the first thread of a run
};

// All stressors, in order of name.
std::span<const Stressor> stressors();
const Stressor* find_stressor(std::string_view name);  // null: unknown

}  // namespace jitterbug
