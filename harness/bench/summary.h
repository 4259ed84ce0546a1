#pragma once
// What a run of a benchmark comes to, from its own numbers: how often we execute each
// small program for one time under Relacy, and what of a run goes into its world.

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace jitterbug {

// Prints to the console as usual, and remembers the items per second of every benchmark.
class RatesReporter : public benchmark::ConsoleReporter {
 public:
  RatesReporter();

  void ReportRuns(const std::vector<Run>& runs) override;

  // Items per second: the median of the repetitions. 0: it was not run.
  double rate(const std::string& benchmark) const;
  // A benchmark was skipped with an error.
  bool failed() const { return failed_; }

 private:
  std::map<std::string, std::vector<double>> rates_;
  bool failed_ = false;
};

void print_all_beside_relacy(const RatesReporter& rates);

// What share of a run of `whole` the runs of `part` take.
void print_share(const RatesReporter& rates, const char* what, const std::string& part, const std::string& whole);

}  // namespace jitterbug
