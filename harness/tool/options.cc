#include "harness/tool/options.h"

#include <algorithm>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/campaign/portfolio.h"
#include "harness/campaign/shared_state.h"
#include "harness/defect/catalog.h"
#include "harness/defect/hand_over.h"
#include "harness/native/policy.h"
#include "harness/run/backend.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

// Options that mean something in one flavour only.
struct Scope {
  std::string_view verb;  // empty: any
  std::string_view option;
  const Flavour& flavour;
};

constexpr Scope scopes[] = {
    {"", "--strategy", simulated_flavour}, {"", "--storm", simulated_flavour},    {"", "--calm", simulated_flavour},
    {"", "--trials", simulated_flavour},   {"", "--noise", native_flavour},       {"score", "--hang", native_flavour},
    {"score", "--jobs", native_flavour},   {"score", "--enough", native_flavour},
};

const Flavour& flavour_named(const Text& name) {
  if (!name) return backend().flavour;
  for (const Flavour* flavour : {&simulated_flavour, &native_flavour}) {
    if (*name == flavour->name) return *flavour;
  }
  refuse("--flavour", *name, "is not simulated or native");
}

}  // namespace

void refuse(const std::string& option, const std::string& value, const std::string& why) {
  throw UsageError(option + " '" + value + "': " + why);
}

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

double duration_of(const std::string& option, const std::string& value) {
  const auto seconds = parse_duration(value);
  if (!seconds) refuse(option, value, "is not a duration such as 30s, 500ms, 10m or 8h");
  return *seconds;
}

int jobs_of(const std::string& value) {
  const std::uint64_t jobs = count_of("--jobs", value);
  if (jobs > SharedState::workers_max) refuse("--jobs", value, "at most " + std::to_string(SharedState::workers_max));
  return static_cast<int>(jobs);
}

std::string row_of(const std::string& option, const std::string& value) {
  const Defect* row = find_defect(value);
  if (row == nullptr) refuse(option, value, "unknown safeguard; see jitterbug list safeguards");
  if (!armable(*row)) refuse(option, value, std::string("cannot be lifted: ") + row->reason);
  return row->id;
}

std::string noise_of(const std::string& value) {
  static_cast<void>(NoisePolicy::parse(value));
  return value.empty() ? "none" : value;
}

std::string strategy_of(const std::string& value) {
  if (!known_to_campaigns(value)) refuse("--strategy", value, "unknown strategy; see jitterbug list strategies");
  return value;
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

void ReportOptions::declare(CLI::App& app) {
  app.add_option("--json", json, "file for the report as one JSON object; - for standard output");
  app.add_flag("--quiet", quiet, "no progress line");
}

std::string ReportOptions::path() const {
  if (json && json->empty()) throw UsageError("--json: the path is empty");
  return json.value_or("");
}

void FlavourOption::declare(CLI::App& app) {
  app.add_option("--flavour", flavour, "simulated, or native: on real threads [simulated]");
}

void FlavourOption::check(const CLI::App& app) const {
  const Flavour& wanted = flavour_named(flavour);
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0) continue;
    for (const Scope& scope : scopes) {
      if (scope.option != name || &scope.flavour == &wanted || (!scope.verb.empty() && scope.verb != app.get_name())) {
        continue;
      }
      throw UsageError(name + ": " + app.get_name() + " --flavour " + wanted.name + " has no use for it");
    }
  }
}

void FlavourOption::hand_over(const std::string& lifted, char** argv) const {
  jitterbug::hand_over(backend().flavour.tool, flavour_named(flavour).tool, lifted, argv);
}

}  // namespace jitterbug
