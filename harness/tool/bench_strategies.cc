// jitterbug bench-strategies

#include "harness/base/interrupt.h"
#include "harness/classic/comparison_text.h"
#include "harness/report/progress.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

class BenchStrategies final : public Verb {
 public:
  const char* name() const override { return "bench-strategies"; }
  const char* sentence() const override { return "schedules to the first bug of classic programs"; }
  int rank() const override { return 8; }

  void declare(CLI::App& app) override {
    app.add_option("--programs", programs_, "names separated by commas, or all")->capture_default_str();
    app.add_option("--strategies", strategies_, "names separated by commas, or all")->capture_default_str();
    app.add_option("--trials", trials_, "trials of each program under each strategy")->capture_default_str();
    app.add_option("--schedules", schedules_, "runs of a trial at most [10000]");
    app.add_option("--seed", seed_, "base seed")->capture_default_str();
    app.add_option("--jobs", jobs_, "processes that share the trials")->capture_default_str();
    report_.declare(app);
  }

  void read() override {
    request_.programs = classic::programs_named(programs_);
    request_.strategies = classic::strategies_named(strategies_);
    request_.trials = count_of("--trials", trials_);
    if (schedules_) request_.schedules = count_of("--schedules", *schedules_);
    request_.seed = seed_of(seed_);
    request_.jobs = jobs_of(jobs_);
    static_cast<void>(report_.path());
  }

  Exit run(char**) override {
    catch_interrupts();
    Report report(report_.path());
    classic::Comparison result;
    {
      ProgressLine line(report_.quiet);
      const auto show = [&](const classic::PoolProgress& at) { line.show(classic::progress_text(at)); };
      result = classic::compare(request_, show);
    }
    report.deliver(classic::comparison_text(request_, result), classic::comparison_json(request_, result));
    return result.interrupted ? Exit::found : Exit::good;
  }

 private:
  std::string programs_ = "all", strategies_ = "all", trials_ = "20", seed_ = "1", jobs_ = "1";
  Text schedules_;
  ReportOptions report_;
  classic::ComparisonRequest request_;
};

const RegisteredVerb registered(std::make_unique<BenchStrategies>());

}  // namespace
}  // namespace jitterbug
