#include "harness/bench/summary.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace jitterbug {
namespace {

// A program's executions per second by our two ways of deciding, over Relacy's.
void print_beside_relacy(const RatesReporter& rates, const char* program, const char* relacy) {
  const std::string ours = std::string("BM_") + program + "_Jitterbug/";
  const std::string theirs = std::string("BM_") + program + "_Relacy" + relacy;
  const double hunted = rates.rate(ours + "as_hunted");
  const double every_step = rates.rate(ours + "every_step");
  const double base = rates.rate(theirs);
  if (hunted == 0 || every_step == 0 || base == 0) return;
  std::printf("%-28s %9.2fx %10.2fx   of %.0f executions/s\n", theirs.c_str() + 3, hunted / base, every_step / base,
              base);
}

}  // namespace

RatesReporter::RatesReporter() : ConsoleReporter(isatty(STDOUT_FILENO) != 0 ? OO_Color : OO_None) {}

void RatesReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    failed_ |= run.error_occurred;
    const auto rate = run.counters.find("items_per_second");
    if (run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
    rates_[run.run_name.function_name].push_back(rate->second.value);
  }
  ConsoleReporter::ReportRuns(runs);
}

double RatesReporter::rate(const std::string& benchmark) const {
  const auto found = rates_.find(benchmark);
  if (found == rates_.end()) return 0;
  std::vector<double> sorted = found->second;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 != 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

void print_all_beside_relacy(const RatesReporter& rates) {
  std::printf("\nExecutions beside Relacy's     as hunted  every step\n");
  print_beside_relacy(rates, "Increments", "");
  for (const char* program : {"Mutex", "Buffer"}) {
    print_beside_relacy(rates, program, "");
    print_beside_relacy(rates, program, "/futexes");
  }
}

void print_share(const RatesReporter& rates, const char* what, const std::string& part, const std::string& whole) {
  const double part_rate = rates.rate(part);
  const double whole_rate = rates.rate(whole);
  if (part_rate == 0 || whole_rate == 0) return;
  std::printf("%s: %.2f us of the %.2f us of %s, %.1f %%\n", what, 1e6 / part_rate, 1e6 / whole_rate,
              whole.c_str() + 3, 100 * whole_rate / part_rate);
}

}  // namespace jitterbug
