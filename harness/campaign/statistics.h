#pragma once
// What a campaign's silence is worth: how much of what schedules do it has not seen
// yet, and how rare a defect must be to have escaped it.

#include <atomic>
#include <cstdint>
#include <string_view>

#include "harness/campaign/record.h"
#include "harness/campaign/window_bits.h"

namespace jitterbug {

// Runs are alike that entered the same race windows of the same stressor, left the
// same ones with a switch inside, and ended alike. A digest would tell all runs
// apart; this is what a race depends on first, and each run knows it anyway.
std::uint64_t class_of(std::string_view stressor, const Record& record, const WindowBits& entered,
                       const WindowBits& switched);

// How often classes were met.
struct ClassCount {
  std::uint64_t runs = 0;        // that were classified
  std::uint64_t classes = 0;     // that were met
  std::uint64_t singletons = 0;  // that were met once
};

// The probability that the next run is of a class that no run was of, estimated
// after Good, "The population frequencies of species and the estimation of
// population parameters", Biometrika 40, 1953: singletons / runs. 1 without a run.
double unseen_mass(const ClassCount& count);

// Runs that independently fail with probability p all pass `passes` times with
// probability (1 - p)^passes. This is the p at which that falls to 1 - confidence:
// 1 - (1 - confidence)^(1 / passes), close to 3 / passes for 0.95. 1 without a run.
double defect_bound(std::uint64_t passes, double confidence);

inline constexpr double confidence_shown = 0.95;

// Counts classes for several processes at once. Lives in memory they share; all
// zeros is a valid initial state. Lock-free. When it is nearly full it counts no
// further runs, so that what it says stays true of those it has counted.
class ClassCensus {
 public:
  static constexpr std::size_t slots = std::size_t{1} << 20;
  static constexpr std::size_t classes_max = slots / 4 * 3;

  void add(std::uint64_t class_id);
  ClassCount count() const;

 private:
  std::atomic<std::uint64_t> runs_{0};
  std::atomic<std::uint64_t> classes_{0};
  std::atomic<std::uint64_t> repeated_{0};            // classes met more than once
  std::atomic<std::uint64_t> table_[slots] = {};      // class << 1, and whether it was met again; 0: free
};

}  // namespace jitterbug
