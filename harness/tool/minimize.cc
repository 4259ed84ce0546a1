// jitterbug minimize

#include "harness/minimize/minimize.h"

#include "harness/base/interrupt.h"
#include "harness/defect/hand_over.h"
#include "harness/minimize/observe.h"
#include "harness/report/interleaving.h"
#include "harness/report/schedule_report.h"
#include "harness/run/backend.h"
#include "harness/run/token.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/token_or_file.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

class MinimizeVerb final : public Verb {
 public:
  const char* name() const override { return "minimize"; }
  const char* sentence() const override { return "find the fewest choices that make a run fail"; }
  int rank() const override { return 5; }

  void declare(CLI::App& app) override {
    app.add_option("token", token_, "the token of a finding, or a schedule file")->required();
    app.add_option("-o", output_, "file for the schedule");
    report_.declare(app);
  }

  void read() override {
    Given given = read_token_or_file(token_);
    request_ = {std::move(given.plan), std::move(given.schedule)};
    if (output_ && output_->empty()) throw UsageError("-o: the path is empty");
    static_cast<void>(report_.path());
    if (request_.plan.flavour != backend().flavour.in_plans) {
      throw UsageError("a run on real threads cannot be minimised: it is not the same run twice");
    }
  }

  Exit run(char** argv) override {
    hand_over(backend().flavour.tool, backend().flavour.tool, request_.plan.lifted, argv);
    catch_interrupts();
    backend().check(request_.plan);
    Report report(report_.path());
    std::optional<OutputFile> output;
    if (output_) output.emplace(*output_);
    const Minimized result = minimize(request_);
    if (output) output->write(schedule_file_text(result));
    const Plan plan = *parse_token(result.schedule.token).plan;
    const std::string picture = interleaving_text(observe(plan, result.schedule), result.schedule, result.pair);
    report.deliver(picture + "\n" + minimized_text(result), minimized_json(result));
    return Exit::good;
  }

 private:
  std::string token_;
  Text output_;
  ReportOptions report_;
  MinimizeRequest request_;
};

const RegisteredVerb registered(std::make_unique<MinimizeVerb>());

}  // namespace
}  // namespace jitterbug
