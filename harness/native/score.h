#pragma once
// What noise is worth: each defect of the bank is armed, and its workloads run without
// noise and with it.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/defect/catalog.h"

namespace jitterbug {

struct NativeScore {
  std::vector<std::string> rows;  // ids
  std::string noise = "swarm";
  std::uint64_t schedules = 1'000;  // of each kind, at most
  std::uint64_t enough = 20;        // failures after which a kind is over
  std::uint64_t seed = 1;
  int jobs = 1;
  double hang_seconds = 5;
};

struct NativeRate {
  std::uint64_t schedules = 0;
  std::uint64_t failures = 0;
  std::string oracle;    // of the finding that came most often
  std::string workload;
  std::string token;

  double per_schedule() const;
};

struct NativeRowScore {
  const Defect* defect = nullptr;
  NativeRate quiet;
  NativeRate noisy;

  bool caught() const { return noisy.failures > 0 || quiet.failures > 0; }
  // How many times as often with noise as without. A rate of no failure in n runs
  // counts as one in 2n.
  double gain() const;
};

struct NativeScoreResult {
  std::vector<NativeRowScore> rows;
  bool interrupted = false;

  // Of the rows that were caught and that could gain fivefold: a defect that shows in
  // more than a fifth of all quiet runs needs no noise. 0: there is none.
  double median_gain() const;
};

// The rows a --safeguards value names: "core" (the rows of the five core fixes that can
// be lifted natively), "all" or a list. Throws UsageError.
std::vector<std::string> native_rows_named(const std::string& value);

// Each row is hunted by a process of its own: the binary that has its patch, or this
// one. Throws ImpossibleError when that binary is not there.
NativeScoreResult score_natively(const NativeScore& request, const std::function<void(const std::string&)>& progress);

}  // namespace jitterbug
