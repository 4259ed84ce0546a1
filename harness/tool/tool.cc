#include "harness/tool/tool.h"

#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/output_file.h"
#include "harness/campaign/portfolio.h"
#include "harness/classic/comparison_text.h"
#include "harness/defect/hand_over.h"
#include "harness/minimize/observe.h"
#include "harness/report/announcer.h"
#include "harness/report/coverage_text.h"
#include "harness/report/interleaving.h"
#include "harness/report/json.h"
#include "harness/report/listing.h"
#include "harness/report/progress.h"
#include "harness/report/schedule_report.h"
#include "harness/report/text.h"
#include "harness/run/token.h"
#include "harness/run/trace_file.h"
#include "harness/simulated/runner.h"
#include "harness/strategy/registry.h"
#include "harness/tool/command_line.h"
#include "harness/tool/score_in_variant.h"

namespace jitterbug {
namespace {

// Steps of trace a person sees.
constexpr std::size_t trace_steps_shown = 40;

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) != 0) throw ToolError("cannot write to standard output");
}

// The report for the person and its twin for the machine.
class Report {
 public:
  explicit Report(const std::string& json_path) {
    if (!json_path.empty()) file_.emplace(json_path);
  }
  void deliver(const std::string& text, const std::string& json) {
    if (!file_ || !file_->is_standard_output()) print(text);
    if (file_) file_->write(json);
  }
  // What is known so far, in case there is no end. A person has it already, and a
  // campaign does not end because a disk is full for a moment.
  void save(const std::string& json) {
    try {
      file_->write(json);
    } catch (const ToolError&) {
    }
  }
  bool saves() const { return file_ && file_->is_replaced(); }
  Announcer::Where announcements() const {
    const bool taken = file_ && file_->is_standard_output();
    return taken ? Announcer::Where::standard_error : Announcer::Where::standard_output;
  }

 private:
  std::optional<OutputFile> file_;
};

ProgressLine::Mode progress_mode(const Command& command) {
  return command.quiet ? ProgressLine::Mode::quiet : ProgressLine::Mode::automatic;
}

constexpr std::string_view this_tool = "jitterbug";

using HuntToText = std::string (*)(const HuntRequest&, const BatchResult&);

// Announces and saves each finding when it is met.
BatchResult hunt_aloud(const Command& command, Report& report, HuntToText to_json) {
  ProgressLine line(progress_mode(command));
  Announcer announcer(report.announcements(), line);
  SaveCallback save;
  if (report.saves()) save = [&](const BatchResult& so_far) { report.save(to_json(command.hunt, so_far)); };
  BatchResult result = hunt(
      command.hunt, [&](const Tally& tally) { line.show(progress_text(tally)); },
      [&](const Finding& finding) { announcer.found(finding); }, save);
  line.clear();
  if (announcer.said_anything() && report.announcements() == Announcer::Where::standard_output) print("\n");
  return result;
}

// The verbs hunt and coverage.
Exit run_hunt(const Command& command, char** argv, HuntToText to_text, HuntToText to_json) {
  if (!known_to_campaigns(command.hunt.strategy)) {
    throw UsageError("--strategy '" + command.hunt.strategy + "': unknown strategy; see jitterbug list strategies");
  }
  hand_over(this_tool, command.hunt.lifted, argv);
  check_hunt(command.hunt);
  Report report(command.json_path);
  const BatchResult result = hunt_aloud(command, report, to_json);
  report.deliver(to_text(command.hunt, result), to_json(command.hunt, result));
  return result.findings.empty() ? Exit::good : Exit::found;
}

std::string score_progress_text(const ScoreProgress& at) {
  std::string text =
      std::string(at.defect->id) + " (row " + std::to_string(at.row + 1) + " of " + std::to_string(at.rows) + ")";
  if (at.tally == nullptr) return text;
  return text + "  trial " + std::to_string(at.trial + 1) + " of " + std::to_string(at.trials) + "  " +
         progress_text(*at.tally);
}

Exit run_score(const Command& command) {
  if (!known_to_campaigns(command.score.strategy)) {
    throw UsageError("--strategy '" + command.score.strategy + "': unknown strategy; see jitterbug list strategies");
  }
  Report report(command.json_path);
  Score result;
  {
    ProgressLine line(progress_mode(command));
    result =
        score(command.score, score_in_variant, [&](const ScoreProgress& at) { line.show(score_progress_text(at)); });
  }
  report.deliver(score_text(command.score, result), score_json(command.score, result));
  return result.complete() && !result.interrupted ? Exit::good : Exit::found;
}

// What a person sees of a schedule: who ran when, around the choices.
std::string interleaving_of(const Plan& plan, const Schedule& schedule, const std::optional<AdjacentPair>& pair) {
  return interleaving_text(observe(plan, schedule), schedule, pair);
}

Exit run_replay(const Command& command, char** argv) {
  ReplayRequest request = command.replay;
  hand_over(this_tool, request.plan.lifted, argv);
  check_plan(request.plan);
  Report report(command.json_path);
  std::optional<OutputFile> trace;
  if (!command.trace_path.empty()) trace.emplace(command.trace_path);
  request.trace_steps = trace ? trace_file_steps_max : trace_steps_shown;
  Replay result;
  {
    ProgressLine line(progress_mode(command));
    result = replay(request, [&](const Tally& tally) { line.show(progress_text(tally)); });
  }
  if (trace) trace->write(trace_file_text(request.plan, result.record));
  std::string text = replay_text(request, result);
  if (request.schedule) {
    text = interleaving_of(request.plan, *request.schedule, std::nullopt) + "\n" + text +
           divergence_text(*request.schedule, result);
  }
  report.deliver(text, replay_json(request, result));
  if (!result.identical) throw ImpossibleError("the runs of this plan diverge");
  if (!result.divergence.empty() && !result.record.failed()) {
    throw ImpossibleError(request.path + ": the replay diverged and passed: " + result.divergence);
  }
  return result.record.failed() ? Exit::found : Exit::good;
}

Exit run_bench_strategies(const Command& command) {
  Report report(command.json_path);
  classic::Comparison result;
  {
    ProgressLine line(progress_mode(command));
    const auto show = [&](const classic::PoolProgress& at) { line.show(classic::progress_text(at)); };
    result = classic::compare(command.comparison, show);
  }
  report.deliver(classic::comparison_text(command.comparison, result),
                 classic::comparison_json(command.comparison, result));
  return result.interrupted ? Exit::found : Exit::good;
}

Exit run_minimize(const Command& command, char** argv) {
  hand_over(this_tool, command.minimize.plan.lifted, argv);
  check_plan(command.minimize.plan);
  Report report(command.json_path);
  std::optional<OutputFile> output;
  if (!command.output_path.empty()) output.emplace(command.output_path);
  const Minimized result = minimize(command.minimize);
  if (output) output->write(schedule_file_text(result));
  const Plan plan = *parse_token(result.schedule.token).plan;
  report.deliver(interleaving_of(plan, result.schedule, result.pair) + "\n" + minimized_text(result),
                 minimized_json(result));
  return Exit::good;
}

Exit run_list(const Command& command) {
  const Listing listing = make_listing(command.listing);
  print(command.listing_as_json ? listing_json(listing) : listing_text(listing));
  return Exit::good;
}

Exit run_command(const Command& command, char** argv) {
  switch (command.verb) {
    case Verb::hunt: return run_hunt(command, argv, hunt_text, hunt_json);
    case Verb::coverage: return run_hunt(command, argv, coverage_text, coverage_json);
    case Verb::score: return run_score(command);
    case Verb::replay: return run_replay(command, argv);
    case Verb::minimize: return run_minimize(command, argv);
    case Verb::list: return run_list(command);
    case Verb::bench_strategies: return run_bench_strategies(command);
  }
  return Exit::tool;
}

int complain(const std::exception& error, Exit code) {
  std::fprintf(stderr, "jitterbug: %s\n", error.what());
  return static_cast<int>(code);
}

}  // namespace

int run_tool(int argc, char** argv) {
  try {
    const std::optional<Command> command = parse_command_line(argc, argv);
    if (!command) return static_cast<int>(Exit::good);
    if (command->verb != Verb::list) catch_interrupts();
    return static_cast<int>(run_command(*command, argv));
  } catch (const UsageError& error) {
    return complain(error, Exit::usage);
  } catch (const ImpossibleError& error) {
    return complain(error, Exit::impossible);
  } catch (const std::exception& error) {
    return complain(error, Exit::tool);
  }
}

}  // namespace jitterbug
