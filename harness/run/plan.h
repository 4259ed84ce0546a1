#pragma once
// A run as a value. Whatever a plan leaves open is drawn from its seed, so that
// equal plans give equal runs.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/base/draw.h"
#include "harness/run/edits.h"

namespace jitterbug {

// The strategy of a workload that has a script.
inline constexpr const char* script_strategy = "script";

struct Plan {
  std::string workload;
  std::string strategy = "random";
  std::uint64_t seed = 0;
  std::uint64_t storm_steps = 0;        // steps under the strategy's hand; 0: drawn
  std::uint64_t calm_steps = 0;         // fair steps after them; 0: the machine's own bound
  std::string lifted;                   // row of the defect catalogue ("S3a"), or empty
  std::string flavour = "simulated";
  std::string noise;                    // of the instrumented flavour: see harness/native/policy.h
  std::map<std::string, std::int64_t> fixed;  // parameters of the workload that are not drawn
  std::vector<Edit> edits;              // preemptions on top of the strategy, in order of steps

  bool operator==(const Plan&) const = default;
};

// Parts of a plan's seed. One number per consumer; they never change meaning, for tokens
// outlive the program that printed them.
enum class SeedPart : std::uint64_t {
  machine = 1,
  strategy = 2,  // natively the noise
  scene = 3,
  pilot = 4,
};

constexpr std::uint64_t seed_of(const Plan& plan, SeedPart part) {
  return derive(plan.seed, static_cast<std::uint64_t>(part));
}

}  // namespace jitterbug
