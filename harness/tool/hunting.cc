#include "harness/tool/hunting.h"

#include "harness/base/interrupt.h"
#include "harness/report/announcer.h"
#include "harness/report/progress.h"
#include "harness/scene/workload.h"

namespace jitterbug {

void Hunting::declare(CLI::App& app) {
  app_ = &app;
  app.add_option("--stressor", workloads_, "names separated by commas, or all")->capture_default_str();
  app.add_option("--strategy", strategy_, "who picks the next thread")->capture_default_str();
  app.add_option("--schedules", schedules_, "runs, over all stressors [10000, native 1000, unless --for is given]");
  app.add_option("--for", duration_, "time after which no run starts: 30s, 500ms, 10m, 8h");
  app.add_option("--seed", seed_, "base seed")->capture_default_str();
  app.add_option("--jobs", jobs_, "processes that share the schedules")->capture_default_str();
  app.add_option("--lift", lift_, "arm one defect of the bank: a row or a safeguard");
  app.add_option("--set", set_, "fix a parameter of the stressors: name=value")->take_all();
  app.add_option("--storm", storm_, "steps under the strategy's hand [drawn]");
  app.add_option("--calm", calm_, "fair steps after them");
  app.add_option("--hang", hang_, "real time after which a run hangs [20s]; native: without progress [30s]");
  if (in_any_flavour()) declare_native(app);
  report_.declare(app);
}

void Hunting::declare_native(CLI::App& app) {
  flavour_.declare(app);
  app.add_option("--noise", noise_, "native: who is held where, a preset or rules; see list noise")
      ->capture_default_str();
}

void Hunting::read() {
  request_.workloads = workloads_named(workloads_, "--stressor");
  request_.strategy = strategy_of(strategy_);
  request_.noise = noise_of(noise_);
  request_.seed = seed_of(seed_);
  if (schedules_) request_.schedules = count_of("--schedules", *schedules_);
  if (duration_) request_.seconds = duration_of("--for", *duration_);
  request_.jobs = jobs_of(jobs_);
  if (lift_) request_.lifted = row_of("--lift", *lift_);
  if (storm_) request_.storm_steps = count_of("--storm", *storm_);
  if (calm_) request_.calm_steps = count_of("--calm", *calm_);
  if (hang_) request_.hang_seconds = duration_of("--hang", *hang_);
  request_.fixed = parameters_of(set_);
  flavour_.check(*app_);
  static_cast<void>(report_.path());
}

// Announces and saves each finding when it is met.
BatchResult Hunting::hunt_aloud(Report& report) const {
  ProgressLine line(report_.quiet);
  Announcer announcer(report.announcements(), line);
  SaveCallback save;
  if (report.saves()) save = [&](const BatchResult& so_far) { report.save(to_json(so_far)); };
  BatchResult result = hunt(
      request_, [&](const Tally& tally) { line.show(progress_text(tally)); },
      [&](const Finding& finding) { announcer.found(finding); }, save);
  line.clear();
  if (announcer.said_anything() && report.announcements() == Announcer::Where::standard_output) print("\n");
  return result;
}

Exit Hunting::run(char** argv) {
  flavour_.hand_over(request_.lifted, argv);
  catch_interrupts();
  check_hunt(request_);
  Report report(report_.path());
  const BatchResult result = hunt_aloud(report);
  report.deliver(to_text(result), to_json(result));
  return result.findings.empty() ? Exit::good : Exit::found;
}

}  // namespace jitterbug
