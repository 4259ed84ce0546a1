#pragma once
// Options that verbs share, as the caller typed them, and what they mean. Everything here
// throws UsageError, which names the option and what is wrong with its value.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jitterbug {

// Not given, or given, empty or not.
using Text = std::optional<std::string>;

[[noreturn]] void refuse(const std::string& option, const std::string& value, const std::string& why);

std::uint64_t count_of(const std::string& option, const std::string& value);  // at least 1
std::uint64_t seed_of(const std::string& value);
double duration_of(const std::string& option, const std::string& value);      // seconds
int jobs_of(const std::string& value);
std::string row_of(const std::string& option, const std::string& value);      // the id
std::string noise_of(const std::string& value);
std::string strategy_of(const std::string& value);                            // known to campaigns
std::map<std::string, std::int64_t> parameters_of(const std::vector<std::string>& set);

// ---- --json and --quiet
struct ReportOptions {
  Text json;
  bool quiet = false;

  void declare(CLI::App& app);
  std::string path() const;  // empty: none; "-": standard output
};

// ---- --flavour
// A flavour of its own, this binary's unless the caller names another.
struct FlavourOption {
  Text flavour;

  void declare(CLI::App& app);
  // Refuses the options of `app` that the flavour has no use for.
  void check(const CLI::App& app) const;
  // If another binary has this flavour, or this row's patch: becomes it.
  void hand_over(const std::string& lifted, char** argv) const;
};

}  // namespace jitterbug
