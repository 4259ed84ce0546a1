#include "harness/strategy/registry.h"

#include "harness/strategy/random.h"

namespace jitterbug {
namespace {

constexpr StrategyInfo all[] = {
    {"random", "a random walk with bursts of random length, stalls in race windows and, in some runs, skewed odds",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<RandomStrategy>(); }},
    {"walk", "a plain random walk: every step, every thread that can run is as likely as the others",
     []() -> std::unique_ptr<Strategy> {
       return std::make_unique<RandomStrategy>(
           RandomOptions{.burst_mean = 1, .skewed = false, .stall_sixteenths = 0});
     }},
};

}  // namespace

std::span<const StrategyInfo> strategies() { return all; }

const StrategyInfo* find_strategy(std::string_view name) {
  for (const StrategyInfo& info : all) {
    if (name == info.name) return &info;
  }
  return nullptr;
}

}  // namespace jitterbug
