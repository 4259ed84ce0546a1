// jitterbug perform

#include <map>

#include "harness/base/interrupt.h"
#include "harness/base/numbers.h"
#include "harness/campaign/hunt.h"
#include "harness/report/json.h"
#include "harness/report/progress.h"
#include "harness/report/text.h"
#include "harness/run/backend.h"
#include "harness/scene/race.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

// Of real time: a thread may wait for a processor for long.
constexpr double hang_seconds = 60;

const Race& race_named(const std::string& name) {
  if (const Race* race = find_race(name)) return *race;
  std::string known;
  for (const Race& race : races()) known += std::string(" ") + race.workload.name;
  throw UsageError("unknown race '" + name + "'; there are:" + known);
}

bool was_not_followed(const Finding& finding) {
  const Failure& failure = *finding.record.failure;
  return failure.oracle == OracleId::harness && failure.invariant == script_is_followed;
}

struct Sum {
  std::uint64_t runs = 0, failed = 0, not_followed = 0;
  std::map<std::string, std::uint64_t> by_oracle;

  explicit Sum(const BatchResult& result) : runs(result.tally.schedules) {
    for (const Finding& finding : result.findings) {
      (was_not_followed(finding) ? not_followed : failed) += finding.count;
      if (!was_not_followed(finding)) by_oracle[number_of(finding.record.failure)] += finding.count;
    }
  }
};

// "RACE on real threads: 1000 runs, 0 passed, 1000 failed (O1 1000), 0 not followed"
std::string sum_text(const std::string& race, const Sum& sum) {
  std::string text = race + (backend().repeats ? " in the simulation: " : " on real threads: ") +
                     plural(sum.runs, "run", "runs") + ", " + std::to_string(sum.runs - sum.failed - sum.not_followed) +
                     " passed, " + std::to_string(sum.failed) + " failed";
  const char* joint = " (";
  for (const auto& [oracle, count] : sum.by_oracle) {
    text += joint + oracle + " " + std::to_string(count);
    joint = ", ";
  }
  return text + (sum.by_oracle.empty() ? ", " : "), ") + std::to_string(sum.not_followed) + " not followed\n";
}

class Perform final : public Verb {
 public:
  const char* name() const override { return "perform"; }
  const char* sentence() const override { return "run a scripted race: who waits where, and for what"; }
  int rank() const override { return 6; }

  void declare(CLI::App& app) override {
    app_ = &app;
    app.add_option("race", race_, "its name; see list workloads")->required();
    flavour_.declare(app);
    app.add_option("--lift", lift_, "take the fix out: a row of the bank");
    app.add_option("--times", times_, "runs")->capture_default_str();
    app.add_option("--seed", seed_, "of what the script leaves open")->capture_default_str();
    report_.declare(app);
  }

  void read() override {
    request_.workloads = {race_named(race_).workload.name};
    request_.schedules = count_of("--times", times_);
    request_.seed = seed_of(seed_);
    request_.hang_seconds = hang_seconds;
    if (lift_) request_.lifted = row_of("--lift", *lift_);
    flavour_.check(*app_);
    static_cast<void>(report_.path());
  }

  Exit run(char** argv) override {
    flavour_.hand_over(request_.lifted, argv);
    catch_interrupts();
    check_hunt(request_);
    Report report(report_.path());
    BatchResult result;
    {
      ProgressLine line(report_.quiet);
      result = hunt(request_, [&](const Tally& tally) { line.show(progress_text(tally)); });
    }
    const Sum sum(result);
    std::string text = sum_text(race_, sum);
    if (!result.findings.empty()) text += "\n" + finding_text(result.findings.front());
    report.deliver(text, hunt_json(request_, result));
    if (sum.not_followed > 0) return Exit::not_followed;
    return sum.failed > 0 || result.interrupted ? Exit::found : Exit::good;
  }

 private:
  CLI::App* app_ = nullptr;
  std::string race_, times_ = "1", seed_ = "1";
  Text lift_;
  FlavourOption flavour_;
  ReportOptions report_;
  HuntRequest request_;
};

const RegisteredVerb registered(std::make_unique<Perform>());

}  // namespace
}  // namespace jitterbug
