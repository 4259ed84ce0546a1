// jitterbug score

#include <sys/wait.h>

#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/campaign/score.h"
#include "harness/defect/hand_over.h"
#include "harness/report/json.h"
#include "harness/report/progress.h"
#include "harness/report/text.h"
#include "harness/run/backend.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

constexpr std::uint64_t native_schedules_default = 1'000;  // of each kind

std::vector<std::string> arguments_for(const std::string& path, const Defect& defect, const ScoreRequest& request) {
  std::vector<std::string> words = {path,           "score",
                                    "--safeguards", defect.id,
                                    "--schedules",  std::to_string(request.schedules),
                                    "--seed",       std::to_string(request.seed),
                                    "--json",       "-",
                                    "--quiet"};
  const auto add = [&](const char* option, const std::string& value) { words.insert(words.end(), {option, value}); };
  if (backend().repeats) {
    add("--trials", std::to_string(request.trials));
    add("--strategy", request.strategy);
  } else {
    add("--noise", request.noise);
    add("--enough", std::to_string(request.enough));
    add("--jobs", std::to_string(request.jobs));
    add("--hang", std::to_string(static_cast<int>(request.hang_seconds * 1000)) + "ms");
  }
  return words;
}

// Scores a patch row in the binary that has the patch.
Score score_in_variant(const Defect& defect, const ScoreRequest& request) {
  const std::string path = variant_path(backend().flavour.tool, defect.id);
  const Printed printed = run_program(path, arguments_for(path, defect, request));
  const int code = WIFEXITED(printed.status) ? WEXITSTATUS(printed.status) : -1;
  if (code != static_cast<int>(Exit::good) && code != static_cast<int>(Exit::found)) {
    throw ToolError(path + " could not score its row");
  }
  Score score = read_score_json(printed.text);
  if (score.rows.size() != 1) throw ToolError(path + " did not score its row");
  return score;
}

std::string progress_text(const ScoreProgress& at) {
  std::string text =
      std::string(at.defect->id) + " (row " + std::to_string(at.row + 1) + " of " + std::to_string(at.rows) + ")";
  if (at.tally == nullptr) return text;
  if (backend().repeats) text += "  trial " + std::to_string(at.trial + 1) + " of " + std::to_string(at.trials);
  return text + "  " + progress_text(*at.tally);
}

class ScoreVerb final : public Verb {
 public:
  const char* name() const override { return "score"; }
  const char* sentence() const override { return "arm each defect of the bank and see whether it is caught"; }
  int rank() const override { return 3; }

  void declare(CLI::App& app) override {
    app_ = &app;
    app.add_option("--safeguards", safeguards_, "core, all, or rows separated by commas")->capture_default_str();
    flavour_.declare(app);
    app.add_option("--strategy", strategy_, "who picks the next thread")->capture_default_str();
    app.add_option("--schedules", schedules_, "runs of a trial at most [10000]; native: of each kind [1000]");
    app.add_option("--trials", trials_, "trials of each row")->capture_default_str();
    app.add_option("--seed", seed_, "base seed")->capture_default_str();
    app.add_option("--noise", noise_, "native: the noise to compare with none")->capture_default_str();
    app.add_option("--enough", enough_, "native: failures after which there are no more runs [20]");
    app.add_option("--jobs", jobs_, "native: runs at a time [1]");
    app.add_option("--hang", hang_, "native: time without progress after which a run hangs [5s]");
    report_.declare(app);
  }

  void read() override {
    request_.rows = rows_named(safeguards_);
    request_.strategy = strategy_of(strategy_);
    request_.noise = noise_of(noise_);
    request_.trials = count_of("--trials", trials_);
    request_.seed = seed_of(seed_);
    if (!backend().repeats) request_.schedules = native_schedules_default;
    if (schedules_) request_.schedules = count_of("--schedules", *schedules_);
    if (enough_) request_.enough = count_of("--enough", *enough_);
    if (jobs_) request_.jobs = jobs_of(*jobs_);
    if (hang_) request_.hang_seconds = duration_of("--hang", *hang_);
    flavour_.check(*app_);
    static_cast<void>(report_.path());
  }

  Exit run(char** argv) override {
    flavour_.hand_over("", argv);
    catch_interrupts();
    Report report(report_.path());
    Score result;
    {
      ProgressLine line(report_.quiet);
      result = score(request_, score_in_variant, [&](const ScoreProgress& at) { line.show(progress_text(at)); });
    }
    report.deliver(score_text(request_, result), score_json(request_, result));
    return result.complete() && !result.interrupted ? Exit::good : Exit::found;
  }

 private:
  CLI::App* app_ = nullptr;
  std::string safeguards_ = "core", strategy_ = "random", trials_ = "20", seed_ = "1", noise_ = "swarm";
  Text schedules_, enough_, jobs_, hang_;
  FlavourOption flavour_;
  ReportOptions report_;
  ScoreRequest request_;
};

const RegisteredVerb registered(std::make_unique<ScoreVerb>());

}  // namespace
}  // namespace jitterbug
