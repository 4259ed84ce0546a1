#pragma once
// The score of the suite: each defect of the bank is armed alone and hunted by the
// workloads aimed at it. A trial catches it if its first finding comes from an
// oracle that may catch that row.
//
// On real threads, where a run cannot be repeated, the score says what noise is worth: how
// many of the runs fail without noise, and how many under it.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/campaign/pool.h"
#include "harness/defect/catalog.h"

namespace jitterbug {

struct ScoreRequest {
  std::vector<std::string> rows;  // ids, in the order of the table
  std::string strategy = "random";
  std::uint64_t schedules = 10'000;  // per trial at most
  std::uint64_t trials = 20;
  std::uint64_t seed = 1;
  // Where runs do not repeat:
  std::string noise = "swarm";
  std::uint64_t enough = 20;     // failures after which there are no more runs, of either kind
  int jobs = 1;
  double hang_seconds = 5;
};

// Runs of one kind, and those of them that failed.
struct Rate {
  std::uint64_t schedules = 0;
  std::uint64_t failures = 0;

  double per_schedule() const;
};

struct NoiseGain {
  Rate quiet;
  Rate noisy;

  // How many times as often with noise as without. A rate of no failure in n runs counts
  // as one in 2n.
  double times() const;
};

struct Trial {
  bool caught = false;
  std::string oracle;            // that fired first, whether or not it may; empty: none
  std::string workload;
  std::string token;             // of the first finding
  std::uint64_t schedules = 0;   // up to and with the finding, or all
  double seconds = 0;            // of real time
};

struct RowScore {
  const Defect* defect = nullptr;
  std::uint64_t trials = 0;
  std::uint64_t caught = 0;
  bool reached = true;       // some run came to the lifted safeguard
  std::string oracle;        // that fired most often; of the catches if there are any
  std::string workload;      // that found it most often
  std::string token;         // of one catch, or of one other finding
  double median_schedules = 0;  // of the trials that caught it
  double median_seconds = 0;
  std::string note;          // why it is not scored, or not caught in all trials; else empty
  std::optional<NoiseGain> noise;  // where runs do not repeat: the one trial
  bool armed = true;         // else its patch is not to be had for the scheduler in the tree; `note` says why

  bool complete() const { return !scored(*defect) || (trials > 0 && caught == trials); }
};

struct Score {
  std::vector<RowScore> rows;
  std::uint64_t schedules = 0;  // run in all
  std::uint64_t decisions = 0;
  double seconds = 0;
  bool interrupted = false;

  bool complete() const;  // every scored row was caught in every trial
  // Of the rows that were caught and that could gain fivefold: a defect that shows in more
  // than a fifth of all quiet runs needs no noise. 0: there is none.
  double median_gain() const;
};

// The rows a --safeguards value names: "core" (the rows of the five core fixes), "all"
// or a comma-separated list. Throws UsageError.
std::vector<std::string> rows_named(const std::string& value);

struct ScoreProgress {
  const Defect* defect = nullptr;
  std::uint64_t trial = 0;      // of `trials`
  std::uint64_t trials = 0;
  std::size_t row = 0;          // of `rows`
  std::size_t rows = 0;
  const Tally* tally = nullptr;  // of the trial under way; null: another process runs it
};
using ScoreCallback = std::function<void(const ScoreProgress&)>;

// Scores one patch row in another process, the variant compiled with it. Throws
// ImpossibleError where there is none, or its patch does not fit the scheduler in the tree.
using VariantScorer = std::function<Score(const Defect&, const ScoreRequest&)>;

Score score(const ScoreRequest& request, const VariantScorer& variant, const ScoreCallback& progress);

// Makes a row of its trials. `reached`: see RowScore.
RowScore summarise(const Defect& defect, const std::vector<Trial>& trials, bool reached);

}  // namespace jitterbug
