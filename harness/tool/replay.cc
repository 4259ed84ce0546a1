#include "harness/tool/replay.h"

#include "harness/base/interrupt.h"
#include "harness/defect/hand_over.h"
#include "harness/report/json.h"
#include "harness/report/progress.h"
#include "harness/report/text.h"
#include "harness/run/backend.h"
#include "harness/run/trace_file.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/token_or_file.h"
#include "harness/tool/verb.h"

namespace jitterbug {

constinit ScheduleReplayer schedule_replayer = nullptr;

Exit exit_of(const Replay& replay) {
  if (!replay.identical) throw ImpossibleError("the runs of this plan diverge");
  return replay.failures > 0 ? Exit::found : Exit::good;
}

namespace {

// Steps of trace a person sees.
constexpr std::size_t trace_steps_shown = 40;
// A plan that may pass: runs in which it usually has failed.
constexpr std::uint64_t native_times_default = 100;

// Only an explicit request for a trace makes a run without noise slower on real threads.
std::size_t steps_wanted(bool with_file) {
  if (with_file) return trace_file_steps_max;
  return backend().repeats ? trace_steps_shown : 0;
}

class ReplayVerb final : public Verb {
 public:
  const char* name() const override { return "replay"; }
  const char* sentence() const override { return "run the plan of a token, or a schedule, again"; }
  int rank() const override { return 4; }

  void declare(CLI::App& app) override {
    app.add_option("token", token_, "the token of a finding, or a schedule file")->required();
    app.add_option("--times", times_, "runs, which must all be identical [1]; on real threads they differ [100]");
    app.add_option("--trace", trace_,
                   "file for every step of the run; on real threads for the last ones of each thread");
    app.add_option("--hang", hang_, "real time after which a run hangs [20s]; native: without progress [30s]");
    report_.declare(app);
  }

  void read() override {
    Given given = read_token_or_file(token_);
    command_.request.plan = std::move(given.plan);
    schedule_ = std::move(given.schedule);
    if (schedule_) command_.path = token_;
    command_.request.times = backend().repeats ? 1 : native_times_default;
    if (times_) command_.request.times = count_of("--times", *times_);
    if (hang_) command_.request.hang_seconds = duration_of("--hang", *hang_);
    if (trace_ && trace_->empty()) throw UsageError("--trace: the path is empty");
    command_.trace_path = trace_.value_or("");
    command_.json_path = report_.path();
    command_.quiet = report_.quiet;
  }

  Exit run(char** argv) override {
    const Plan& plan = command_.request.plan;
    hand_over(backend().flavour.tool, tool_of(plan.flavour), plan.lifted, argv);
    catch_interrupts();
    backend().check(plan);
    command_.request.trace_steps = steps_wanted(!command_.trace_path.empty());
    return schedule_ ? schedule_replayer(command_, *schedule_) : replay_token();
  }

 private:
  Exit replay_token() const {
    Report report(command_.json_path);
    std::optional<OutputFile> trace;
    if (!command_.trace_path.empty()) trace.emplace(command_.trace_path);
    Replay result;
    {
      ProgressLine line(command_.quiet);
      result = replay(command_.request, [&](const Tally& tally) { line.show(progress_text(tally)); });
    }
    if (trace) trace->write(trace_file_text(command_.request.plan, result.record));
    report.deliver(replay_text(command_.request, result), replay_json(command_.request, result));
    return exit_of(result);
  }

  std::string token_;
  Text times_, trace_, hang_;
  ReportOptions report_;
  ReplayCommand command_;
  std::optional<Schedule> schedule_;
};

const RegisteredVerb registered(std::make_unique<ReplayVerb>());

}  // namespace
}  // namespace jitterbug
