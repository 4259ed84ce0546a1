#pragma once
// What a campaign's silence is worth: how much of what schedules do it has not seen
// yet, and how rare a defect must be to have escaped it.

#include <array>
#include <atomic>
#include <cstdint>

#include "harness/run/window_set.h"

namespace jitterbug {

// How often classes of schedules were met. A class is a workload and two race
// windows, or one, that a run of it has left with a switch inside; a run is of many.
// Digests would tell all runs apart, and so does the set of all those windows: no
// campaign is long enough to meet many of them twice. A race needs few windows.
struct ClassCount {
  std::uint64_t runs = 0;
  std::uint64_t classes = 0;     // that were met
  std::uint64_t singletons = 0;  // that were met in one run only
};

// How many classes the next run is of that no run was of, as an expectation; it
// bounds the probability that there is one. singletons / runs, after Good, "The
// population frequencies of species and the estimation of population parameters",
// Biometrika 40, 1953; for runs of several classes after Boehme, "STADS: Software
// Testing as Species Discovery", ACM TOSEM 27, 2018. At most 1; 1 without a run.
double unseen_mass(const ClassCount& count);

// Runs that independently fail with probability p all pass `passes` times with
// probability (1 - p)^passes. This is the p at which that falls to 1 - confidence:
// 1 - (1 - confidence)^(1 / passes), close to 3 / passes for 0.95. 1 without a run.
double defect_bound(std::uint64_t passes, double confidence);

inline constexpr double confidence_shown = 0.95;

// Counts the classes of one workload's runs, for several processes at once. Lives
// in memory they share; all zeros is a valid initial state. Lock-free.
class ClassCensus {
 public:
  // A run that has left these windows with a switch inside. True: it is of a class
  // that no run was of.
  bool add(const WindowSet& switched);
  ClassCount count() const;

 private:
  // By the window with the lower number: those with the higher one.
  struct Row {
    std::array<std::atomic<std::uint64_t>, window_words> once, again;
  };

  std::atomic<std::uint64_t> runs_{0};
  std::array<Row, window_count> rows_ = {};
};

}  // namespace jitterbug
