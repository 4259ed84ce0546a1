#pragma once
// Strategies by name.

#include <memory>
#include <span>
#include <string_view>

#include "harness/strategy/strategy.h"

namespace jitterbug {

struct StrategyInfo {
  const char* name;
  const char* sentence;  // how it picks who runs next
  // Its options are drawn from the seed of each run.
  std::unique_ptr<Strategy> (*make)();
};

// All strategies, in order of name.
std::span<const StrategyInfo> strategies();
const StrategyInfo* find_strategy(std::string_view name);  // null: unknown

}  // namespace jitterbug
