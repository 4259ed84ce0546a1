#include "harness/bench/summary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jitterbug {
namespace {

// One of a benchmark, as the library reports them.
using Repetition = benchmark::BenchmarkReporter::Run;

Repetition run_of(const std::string& name, double items_per_second) {
  Repetition run;
  run.run_name.function_name = name;
  run.run_type = Repetition::RT_Iteration;
  run.counters["items_per_second"] = items_per_second;
  return run;
}

void report(RatesReporter& rates, const std::vector<Repetition>& repetitions) {
  benchmark::BenchmarkReporter::Context context;
  context.name_field_width = 10;
  rates.ReportContext(context);
  rates.ReportRuns(repetitions);
}

TEST(RatesReporter, TheRateIsTheMedianOfTheRepetitions) {
  RatesReporter rates;
  report(rates, {run_of("odd", 1), run_of("odd", 100), run_of("odd", 3)});
  report(rates, {run_of("even", 4), run_of("even", 2)});
  EXPECT_EQ(rates.rate("odd"), 3);
  EXPECT_EQ(rates.rate("even"), 3);
  EXPECT_EQ(rates.rate("never run"), 0);
  EXPECT_FALSE(rates.failed());
}

TEST(RatesReporter, ABenchmarkThatSkipsWithAnErrorHasFailed) {
  RatesReporter rates;
  Repetition run = run_of("broken", 1);
  run.error_occurred = true;
  run.error_message = "the program failed";
  report(rates, {run});
  EXPECT_TRUE(rates.failed());
}

}  // namespace
}  // namespace jitterbug
