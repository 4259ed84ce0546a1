#include "harness/tool/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/campaign/shared_state.h"
#include "harness/defect/catalog.h"
#include "harness/report/listing.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"
#include "harness/schedule/schedule_file.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

// Options as the caller typed them; they are understood after the parser is done,
// so that every complaint has one form.
struct Typed {
  std::string workload = "all", strategy = "random", schedules, duration, seed = "1", jobs = "1", lift;
  std::string storm, calm, json, safeguards = "core", trials = "20", token, output, times = "1", trace, listing;
  std::string programs = "all", strategies = "all";
  std::vector<std::string> set;
  bool first = false, quiet = false, json_flag = false;
  std::set<std::string> given;  // names of the options that were there, empty or not

  bool has(const std::string& option) const { return given.contains(option); }
};

[[noreturn]] void refuse(const std::string& option, const std::string& value, const std::string& why) {
  throw UsageError(option + " '" + value + "': " + why);
}

// A count of at least 1.
std::uint64_t count_of(const std::string& option, const std::string& value) {
  const auto number = parse_unsigned(value);
  if (number && *number > 0) return *number;
  if (number) refuse(option, value, "must be at least 1");
  const bool negative = value.starts_with('-') && parse_unsigned(value.substr(1)).has_value();
  refuse(option, value, negative ? "must not be negative" : "is not a number");
}

std::uint64_t seed_of(const std::string& value) {
  const auto number = parse_unsigned(value);
  if (!number) refuse("--seed", value, "is not an unsigned 64-bit number");
  return *number;
}

std::string row_of(const std::string& option, const std::string& value) {
  const Defect* row = find_defect(value);
  if (row == nullptr) refuse(option, value, "unknown safeguard; see jitterbug list safeguards");
  if (!armable(*row)) refuse(option, value, std::string("cannot be lifted: ") + row->reason);
  return row->id;
}

std::map<std::string, std::int64_t> parameters_of(const std::vector<std::string>& set) {
  std::map<std::string, std::int64_t> fixed;
  for (const std::string& item : set) {
    const std::size_t equals = item.find('=');
    const std::string name = item.substr(0, equals);
    if (equals == std::string::npos || !valid_parameter_name(name))
      refuse("--set", item, "is not of the form name=value");
    const auto value = parse_signed(item.substr(equals + 1));
    if (!value) refuse("--set", item, "the value is not a 64-bit number");
    if (!fixed.emplace(name, *value).second) refuse("--set", item, "sets a parameter twice");
  }
  return fixed;
}

int jobs_of(const std::string& value) {
  const std::uint64_t jobs = count_of("--jobs", value);
  if (jobs > SharedState::workers_max) refuse("--jobs", value, "at most " + std::to_string(SharedState::workers_max));
  return static_cast<int>(jobs);
}

HuntRequest hunt_of(const Typed& typed) {
  HuntRequest hunt;
  hunt.workloads = workloads_named(typed.workload, "--stressor");
  hunt.strategy = typed.strategy;
  hunt.seed = seed_of(typed.seed);
  if (typed.has("--schedules")) hunt.schedules = count_of("--schedules", typed.schedules);
  if (typed.has("--for")) {
    const auto seconds = parse_duration(typed.duration);
    if (!seconds) refuse("--for", typed.duration, "is not a duration such as 30s, 500ms, 10m or 8h");
    hunt.seconds = *seconds;
  }
  hunt.jobs = jobs_of(typed.jobs);
  hunt.stop_at_first = typed.first;
  if (typed.has("--lift")) hunt.lifted = row_of("--lift", typed.lift);
  if (typed.has("--storm")) hunt.storm_steps = count_of("--storm", typed.storm);
  if (typed.has("--calm")) hunt.calm_steps = count_of("--calm", typed.calm);
  hunt.fixed = parameters_of(typed.set);
  return hunt;
}

ScoreRequest score_of(const Typed& typed) {
  ScoreRequest score;
  score.rows = rows_named(typed.safeguards);
  score.strategy = typed.strategy;
  if (typed.has("--schedules")) score.schedules = count_of("--schedules", typed.schedules);
  score.trials = count_of("--trials", typed.trials);
  score.seed = seed_of(typed.seed);
  return score;
}

// What begins like a token is one; everything else is the path of a schedule, or of an
// input that a fuzzer wrote.
void read_token_or_file(const std::string& text, Plan& plan, std::optional<Schedule>& schedule) {
  if (!text.starts_with("jb") && std::filesystem::exists(text)) {
    if (const std::optional<Plan> of_fuzzer = read_token_file(text)) {
      plan = *of_fuzzer;
      return;
    }
    ScheduleFile file = read_schedule_file(text);
    plan = std::move(file.plan);
    schedule = std::move(file.schedule);
    return;
  }
  const ParsedToken parsed = parse_token(text);
  const std::string no_file = text.empty() || text.starts_with("jb") ? "" : "no file '" + text + "', and as a ";
  if (!parsed.plan)
    throw UsageError(no_file + "token, column " + std::to_string(parsed.error.column) + ": " + parsed.error.message);
  plan = *parsed.plan;
}

MinimizeRequest minimize_of(const Typed& typed) {
  MinimizeRequest minimize;
  read_token_or_file(typed.token, minimize.plan, minimize.schedule);
  if (typed.has("-o") && typed.output.empty()) throw UsageError("-o: the path is empty");
  return minimize;
}

ReplayRequest replay_of(const Typed& typed) {
  ReplayRequest replay;
  read_token_or_file(typed.token, replay.plan, replay.schedule);
  if (replay.schedule) replay.path = typed.token;
  replay.times = count_of("--times", typed.times);
  return replay;
}

classic::ComparisonRequest comparison_of(const Typed& typed) {
  classic::ComparisonRequest comparison;
  comparison.programs = classic::programs_named(typed.programs);
  comparison.strategies = classic::strategies_named(typed.strategies);
  comparison.trials = count_of("--trials", typed.trials);
  if (typed.has("--schedules")) comparison.schedules = count_of("--schedules", typed.schedules);
  comparison.seed = seed_of(typed.seed);
  comparison.jobs = jobs_of(typed.jobs);
  return comparison;
}

struct Verbs {
  CLI::App* hunt;
  CLI::App* coverage;
  CLI::App* score;
  CLI::App* replay;
  CLI::App* minimize;
  CLI::App* list;
  CLI::App* bench_strategies;
};

void declare_campaign(CLI::App& hunt, Typed& typed) {
  hunt.add_option("--stressor", typed.workload, "names separated by commas, or all")->capture_default_str();
  hunt.add_option("--strategy", typed.strategy, "who picks the next thread")->capture_default_str();
  hunt.add_option("--schedules", typed.schedules, "runs, over all stressors [10000 unless --for is given]");
  hunt.add_option("--for", typed.duration, "time after which no run starts: 30s, 500ms, 10m, 8h");
  hunt.add_option("--seed", typed.seed, "base seed")->capture_default_str();
  hunt.add_option("--jobs", typed.jobs, "processes that share the schedules")->capture_default_str();
  hunt.add_option("--lift", typed.lift, "arm one defect of the bank: a row or a safeguard");
  hunt.add_option("--set", typed.set, "fix a parameter of the stressors: name=value")->take_all();
  hunt.add_option("--storm", typed.storm, "steps under the strategy's hand [drawn]");
  hunt.add_option("--calm", typed.calm, "fair steps after them");
}

void declare_bench_strategies(CLI::App& bench, Typed& typed) {
  bench.add_option("--programs", typed.programs, "names separated by commas, or all")->capture_default_str();
  bench.add_option("--strategies", typed.strategies, "names separated by commas, or all")->capture_default_str();
  bench.add_option("--trials", typed.trials, "trials of each program under each strategy")->capture_default_str();
  bench.add_option("--schedules", typed.schedules, "runs of a trial at most [10000]");
  bench.add_option("--seed", typed.seed, "base seed")->capture_default_str();
  bench.add_option("--jobs", typed.jobs, "processes that share the trials")->capture_default_str();
}

Verbs declare(CLI::App& app, Typed& typed) {
  app.require_subcommand(1);
  const Verbs verbs = {app.add_subcommand("hunt", "explore interleavings of the shipped scheduler"),
                       app.add_subcommand("coverage", "how far a hunt gets with each race window"),
                       app.add_subcommand("score", "arm each defect of the bank and see whether it is caught"),
                       app.add_subcommand("replay", "run the plan of a token, or a schedule, again"),
                       app.add_subcommand("minimize", "find the fewest choices that make a run fail"),
                       app.add_subcommand("list", "what the tool knows"),
                       app.add_subcommand("bench-strategies", "schedules to the first bug of classic programs")};
  declare_campaign(*verbs.hunt, typed);
  declare_campaign(*verbs.coverage, typed);
  verbs.hunt->add_flag("--first", typed.first, "stop at the first finding");
  declare_bench_strategies(*verbs.bench_strategies, typed);
  verbs.score->add_option("--safeguards", typed.safeguards, "core, all, or rows separated by commas")
      ->capture_default_str();
  verbs.score->add_option("--strategy", typed.strategy, "who picks the next thread")->capture_default_str();
  verbs.score->add_option("--schedules", typed.schedules, "runs of a trial at most [10000]");
  verbs.score->add_option("--trials", typed.trials, "trials of each row")->capture_default_str();
  verbs.score->add_option("--seed", typed.seed, "base seed")->capture_default_str();
  verbs.minimize->add_option("token", typed.token, "the token of a finding, or a schedule file")->required();
  verbs.minimize->add_option("-o", typed.output, "file for the schedule");
  verbs.replay->add_option("token", typed.token, "the token of a finding, or a schedule file")->required();
  verbs.replay->add_option("--times", typed.times, "runs, which must all be identical")->capture_default_str();
  verbs.replay->add_option("--trace", typed.trace, "file for every step of the run");
  verbs.list->add_option("what", typed.listing, "windows, safeguards, strategies, oracles or build")->required();
  verbs.list->add_flag("--json", typed.json_flag, "as one JSON object");
  for (CLI::App* verb :
       {verbs.hunt, verbs.coverage, verbs.score, verbs.replay, verbs.minimize, verbs.bench_strategies}) {
    verb->add_option("--json", typed.json, "file for the report as one JSON object; - for standard output");
    verb->add_flag("--quiet", typed.quiet, "no progress line");
  }
  return verbs;
}

// False: help was asked for and shown.
bool parse(CLI::App& app, int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const auto is_first = [&](const CLI::App* verb) { return verb->get_name() == first; };
  if (!first.empty() && first[0] != '-' && app.get_subcommands(is_first).empty()) {
    throw UsageError("no verb '" + first + "': hunt, coverage, score, replay, minimize, list or bench-strategies");
  }
  try {
    app.parse(argc, argv);
    return true;
  } catch (const CLI::Success& e) {
    app.exit(e, std::cout, std::cerr);
    return false;
  } catch (const CLI::ParseError& e) {
    std::string message = e.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    throw UsageError(message);
  }
}

void note_given(const CLI::App& app, Typed& typed) {
  for (const CLI::App* verb : app.get_subcommands()) {
    for (const CLI::Option* option : verb->get_options()) {
      if (option->count() > 0) typed.given.insert(option->get_name());
    }
  }
  if (typed.has("--json") && typed.json.empty() && !typed.json_flag) throw UsageError("--json: the path is empty");
  if (typed.has("--trace") && typed.trace.empty()) throw UsageError("--trace: the path is empty");
}

}  // namespace

std::optional<Command> parse_command_line(int argc, char** argv) {
  CLI::App app("Hunts races in a G/M/P scheduler under a deterministic simulation.", "jitterbug");
  Typed typed;
  const Verbs verbs = declare(app, typed);
  if (!parse(app, argc, argv)) return std::nullopt;
  note_given(app, typed);
  Command command;
  command.json_path = typed.json;
  command.trace_path = typed.trace;
  command.quiet = typed.quiet;
  if (verbs.hunt->parsed()) {
    command.verb = Verb::hunt;
    command.hunt = hunt_of(typed);
  } else if (verbs.coverage->parsed()) {
    command.verb = Verb::coverage;
    command.hunt = hunt_of(typed);
    command.hunt.coverage = true;
  } else if (verbs.score->parsed()) {
    command.verb = Verb::score;
    command.score = score_of(typed);
  } else if (verbs.replay->parsed()) {
    command.verb = Verb::replay;
    command.replay = replay_of(typed);
  } else if (verbs.bench_strategies->parsed()) {
    command.verb = Verb::bench_strategies;
    command.comparison = comparison_of(typed);
  } else if (verbs.minimize->parsed()) {
    command.verb = Verb::minimize;
    command.minimize = minimize_of(typed);
    command.output_path = typed.output;
  } else {
    command.verb = Verb::list;
    command.listing = typed.listing;
    command.listing_as_json = typed.json_flag;
    const bool known =
        std::find(std::begin(listing_names), std::end(listing_names), typed.listing) != std::end(listing_names);
    if (!known) {
      throw UsageError("no list of '" + typed.listing + "': windows, safeguards, strategies, oracles or build");
    }
  }
  return command;
}

}  // namespace jitterbug
