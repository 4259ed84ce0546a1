#include "harness/strategy/registry.h"

#include "harness/strategy/bounded.h"
#include "harness/strategy/pct.h"
#include "harness/strategy/pos.h"
#include "harness/strategy/random.h"
#include "harness/strategy/uniform.h"
#include "harness/strategy/windows.h"

namespace jitterbug {
namespace {

constexpr StrategyInfo all[] = {
    {"bounded", "threads take turns when they wait; a few delays at random steps or race windows (delay bounding)",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<BoundedStrategy>(); }},
    {"pct", "the highest of random priorities, which fall at 1 to 4 random steps or race points (PCT of random depth)",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<PctStrategy>(); }},
    {"pct3", "the highest of random priorities, which fall at 2 random steps (PCT of depth 3)",
     []() -> std::unique_ptr<Strategy> {
       return std::make_unique<PctStrategy>(PctOptions{.depth = 3, .at_race_points = false});
     }},
    {"pos", "the highest of random priorities of operations, drawn anew at each conflict (partial order sampling)",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<PosStrategy>(); }},
    {"random", "a random walk with bursts of random length, stalls in race windows and, in some runs, skewed odds",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<RandomStrategy>(); }},
    {"surw", "uniform over the orders of a few events: those at one object or race window, drawn for each run",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<UniformWalk>(UniformOptions{.selective = true}); }},
    {"urw", "uniform over the orders of all operations on shared objects (uniform random walk)",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<UniformWalk>(UniformOptions{}); }},
    {"walk", "a plain random walk: every step, every thread that can run is as likely as the others",
     []() -> std::unique_ptr<Strategy> {
       return std::make_unique<RandomStrategy>(
           RandomOptions{.burst_mean = 1, .skewed = false, .stall_sixteenths = 0});
     }},
    {"windows", "threads are held in a few kinds of race window, drawn for each run, while the others go on",
     []() -> std::unique_ptr<Strategy> { return std::make_unique<WindowsStrategy>(); }},
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
