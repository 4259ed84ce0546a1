#include "harness/native/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/native/policy.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

constexpr int jobs_max = 64;
constexpr const char* listings[] = {"windows", "safeguards", "stressors", "noise", "build"};

// As typed; understood after the parser is done, so that every complaint has one form.
struct Typed {
  std::string workload = "all", noise = "swarm", schedules, duration, seed = "1", jobs = "1", lift, enough, hang, json;
  std::string safeguards = "core", token, times = "100", trace, listing;
  std::vector<std::string> set;
  bool first = false, quiet = false, json_flag = false;
};

[[noreturn]] void refuse(const std::string& option, const std::string& value, const std::string& why) {
  throw UsageError(option + " '" + value + "': " + why);
}

std::uint64_t count_of(const std::string& option, const std::string& value) {
  const auto number = parse_unsigned(value);
  if (number && *number > 0) return *number;
  refuse(option, value, number ? "must be at least 1" : "is not a number");
}

std::uint64_t seed_of(const std::string& value) {
  const auto number = parse_unsigned(value);
  if (!number) refuse("--seed", value, "is not an unsigned 64-bit number");
  return *number;
}

double duration_of(const std::string& option, const std::string& value) {
  constexpr std::pair<std::string_view, double> units[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};
  for (const auto& [name, unit] : units) {
    if (!std::string_view(value).ends_with(name)) continue;
    const auto number = parse_unsigned(std::string_view(value).substr(0, value.size() - name.size()));
    if (number && *number > 0 && *number <= 1'000'000'000) return static_cast<double>(*number) * unit;
    break;
  }
  refuse(option, value, "is not a duration such as 30s, 500ms, 10m or 8h");
}

int jobs_of(const std::string& value) {
  const std::uint64_t jobs = count_of("--jobs", value);
  if (jobs > jobs_max) refuse("--jobs", value, "at most " + std::to_string(jobs_max));
  return static_cast<int>(jobs);
}

std::string noise_of(const std::string& value) {
  static_cast<void>(NoisePolicy::parse(value));
  return value.empty() ? "none" : value;
}

std::map<std::string, std::int64_t> parameters_of(const std::vector<std::string>& set) {
  std::map<std::string, std::int64_t> fixed;
  for (const std::string& item : set) {
    const std::size_t equals = item.find('=');
    const std::string name = item.substr(0, equals);
    if (equals == std::string::npos || !valid_parameter_name(name)) {
      refuse("--set", item, "is not of the form name=value");
    }
    const auto value = parse_signed(item.substr(equals + 1));
    if (!value) refuse("--set", item, "the value is not a 64-bit number");
    if (!fixed.emplace(name, *value).second) refuse("--set", item, "sets a parameter twice");
  }
  return fixed;
}

std::string row_of(const std::string& value) {
  if (value.empty()) return "";
  const Defect* row = find_defect(value);
  if (row == nullptr) refuse("--lift", value, "unknown safeguard; see jitterbug_native list safeguards");
  if (!armable(*row)) refuse("--lift", value, std::string("cannot be lifted: ") + row->reason);
  return row->id;
}

NativeHunt hunt_of(const Typed& typed) {
  NativeHunt hunt;
  hunt.workloads = workloads_named(typed.workload, "--stressor");
  hunt.noise = noise_of(typed.noise);
  if (!typed.schedules.empty()) hunt.schedules = count_of("--schedules", typed.schedules);
  if (!typed.duration.empty()) hunt.seconds = duration_of("--for", typed.duration);
  hunt.seed = seed_of(typed.seed);
  hunt.jobs = jobs_of(typed.jobs);
  if (!typed.enough.empty()) hunt.enough = count_of("--enough", typed.enough);
  if (typed.first) hunt.enough = 1;
  hunt.lifted = row_of(typed.lift);
  hunt.fixed = parameters_of(typed.set);
  if (!typed.hang.empty()) hunt.hang_seconds = duration_of("--hang", typed.hang);
  return hunt;
}

NativeScore score_of(const Typed& typed) {
  NativeScore score;
  score.rows = native_rows_named(typed.safeguards);
  score.noise = noise_of(typed.noise);
  if (!typed.schedules.empty()) score.schedules = count_of("--schedules", typed.schedules);
  if (!typed.enough.empty()) score.enough = count_of("--enough", typed.enough);
  score.seed = seed_of(typed.seed);
  score.jobs = jobs_of(typed.jobs);
  if (!typed.hang.empty()) score.hang_seconds = duration_of("--hang", typed.hang);
  return score;
}

Plan plan_of(const std::string& token) {
  const ParsedToken parsed = parse_token(token);
  if (parsed.plan) return *parsed.plan;
  throw UsageError("token, column " + std::to_string(parsed.error.column) + ": " + parsed.error.message);
}

NativeReplay replay_of(const Typed& typed, bool with_trace) {
  NativeReplay replay;
  replay.plan = plan_of(typed.token);
  replay.times = count_of("--times", typed.times);
  if (!typed.hang.empty()) replay.hang_seconds = duration_of("--hang", typed.hang);
  if (with_trace && typed.trace.empty()) refuse("--trace", typed.trace, "names no file");
  if (with_trace) replay.tracing = NativeTracing::always;
  return replay;
}

struct Verbs {
  CLI::App* hunt;
  CLI::App* score;
  CLI::App* replay;
  CLI::App* list;
};

Verbs declare(CLI::App& app, Typed& typed) {
  app.require_subcommand(1);
  const Verbs verbs = {app.add_subcommand("hunt", "run stressors on real threads, under noise"),
                       app.add_subcommand("score", "arm each defect, and compare its rate with and without noise"),
                       app.add_subcommand("replay", "run the plan of a token again and again"),
                       app.add_subcommand("list", "what the tool knows")};
  verbs.hunt->add_option("--stressor", typed.workload, "names separated by commas, or all")->capture_default_str();
  verbs.hunt->add_option("--for", typed.duration, "time after which no run starts: 30s, 500ms, 10m, 8h");
  verbs.hunt->add_option("--lift", typed.lift, "arm one defect of the bank: a row or a safeguard");
  verbs.hunt->add_option("--set", typed.set, "fix a parameter of the stressors: name=value")->take_all();
  verbs.hunt->add_flag("--first", typed.first, "stop at the first finding");
  verbs.score->add_option("--safeguards", typed.safeguards, "core, or rows separated by commas")->capture_default_str();
  for (CLI::App* verb : {verbs.hunt, verbs.score}) {
    verb->add_option("--noise", typed.noise, "who is held where: a preset or rules; see list noise")
        ->capture_default_str();
    verb->add_option("--schedules", typed.schedules, "runs at most [1000]");
    verb->add_option("--enough", typed.enough, "failures after which no run starts");
    verb->add_option("--seed", typed.seed, "base seed")->capture_default_str();
    verb->add_option("--jobs", typed.jobs, "runs at a time")->capture_default_str();
  }
  verbs.replay->add_option("token", typed.token, "the token of a finding")->required();
  verbs.replay->add_option("--times", typed.times, "runs")->capture_default_str();
  verbs.replay->add_option("--trace", typed.trace, "file for the last operations of the first run that fails");
  for (CLI::App* verb : {verbs.hunt, verbs.score, verbs.replay}) {
    verb->add_option("--hang", typed.hang, "time without progress after which a run hangs [30s, score: 5s]");
    verb->add_option("--json", typed.json, "file for the report as one JSON object; - for standard output");
    verb->add_flag("--quiet", typed.quiet, "no progress line");
  }
  verbs.list->add_option("what", typed.listing, "windows, safeguards, noise or build")->required();
  verbs.list->add_flag("--json", typed.json_flag, "as one JSON object");
  return verbs;
}

// False: help was asked for and shown.
bool parse(CLI::App& app, int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const auto is_first = [&](const CLI::App* verb) { return verb->get_name() == first; };
  if (!first.empty() && first[0] != '-' && app.get_subcommands(is_first).empty()) {
    throw UsageError("no verb '" + first + "': hunt, score, replay or list");
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

}  // namespace

std::optional<NativeCommand> parse_native_command_line(int argc, char** argv) {
  CLI::App app("Hunts races in a G/M/P scheduler on real threads, with noise.", "jitterbug_native");
  Typed typed;
  const Verbs verbs = declare(app, typed);
  if (!parse(app, argc, argv)) return std::nullopt;
  NativeCommand command;
  command.json_path = typed.json;
  command.quiet = typed.quiet;
  if (verbs.hunt->parsed()) {
    command.hunt = hunt_of(typed);
  } else if (verbs.score->parsed()) {
    command.verb = NativeVerb::score;
    command.score = score_of(typed);
  } else if (verbs.replay->parsed()) {
    command.verb = NativeVerb::replay;
    command.trace_path = typed.trace;
    command.replay = replay_of(typed, verbs.replay->count("--trace") > 0);
  } else {
    command.verb = NativeVerb::list;
    command.listing = typed.listing;
    command.listing_as_json = typed.json_flag;
    if (std::find(std::begin(listings), std::end(listings), typed.listing) == std::end(listings)) {
      throw UsageError("no list of '" + typed.listing + "': windows, safeguards, noise or build");
    }
  }
  return command;
}

}  // namespace jitterbug
