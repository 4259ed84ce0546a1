// libFuzzer writes schedules. An input is a token: a plan, and preemptions on top of
// its strategy (run/edits.h). Any other input is rejected.
//
// The scheduler's code gives coverage, and so do pairs of race windows: which one's
// stretch came directly before which one's, in threads that conflict (coverage.h).
//
// A finding ends the process, as libFuzzer expects, unless --findings says otherwise;
// `jitterbug replay` takes the file that libFuzzer writes then. See options.h.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <set>

#include "fuzz/options.h"
#include "fuzz/plan_mutator.h"
#include "harness/base/errors.h"
#include "harness/coverage/coverage.h"
#include "harness/report/text.h"
#include "harness/run/token.h"
#include "harness/simulated/runner.h"

namespace jitterbug::fuzz {
namespace {

// One for each ordered pair of windows, then one for each window that was left with a
// switch inside. libFuzzer finds them by their section, reads them after a run and clears
// them before the next; the compiler sees nobody who reads them.
constexpr std::size_t pair_count = window_count * window_count;
__attribute__((used, section("__libfuzzer_extra_counters"))) std::uint8_t counters[pair_count + window_count];

std::string_view first_line(std::string_view input) { return input.substr(0, input.find('\n')); }

constexpr std::uint32_t splice_one_in = 4;

class Target {
 public:
  explicit Target(Options options)
      : options_(std::move(options)), mutator_(options_.workloads, options_.lifted), runner_() {
    runner_.watch(log_);
  }

  const PlanMutator& mutator() const { return mutator_; }

  // The input was rejected.
  int reject(std::string_view input) const {
    // libFuzzer tries the empty input by itself.
    if (!options_.corpus_test || input.empty()) return -1;
    const ParsedToken parsed = parse_token(first_line(input));
    std::fprintf(stderr, "schedule_fuzz: rejected: %s\n",
                 parsed.plan ? "the plan cannot be run here" : parsed.error.message.c_str());
    std::exit(static_cast<int>(Exit::usage));
  }

  // The plan of an input, if it may run here.
  std::optional<Plan> plan_of(std::string_view input) const {
    ParsedToken parsed = parse_token(first_line(input));
    if (!parsed.plan) return std::nullopt;
    if (!options_.any_lift && parsed.plan->lifted != options_.lifted) return std::nullopt;
    try {
      check_plan(*parsed.plan);
    } catch (const std::exception&) {
      return std::nullopt;
    }
    return parsed.plan;
  }

  // False: the input is not worth keeping.
  bool run(const Plan& plan) {
    const Record record = runner_.run(plan);
    mutator_.learn(plan, record);
    if (record.failed()) {
      report({plan, record, 1});
      return false;
    }
    count(analysis_.analyse(log_));
    return true;
  }

 private:
  void count(const RunCoverage& run) {
    for (const auto& [first, second] : run.orders) {
      counters[static_cast<std::size_t>(first) * window_count + static_cast<std::size_t>(second)] = 1;
    }
    for (std::size_t window = 0; window < window_count; ++window) {
      if (runner_.windows_switched().has(static_cast<rt::Window>(window))) counters[pair_count + window] = 1;
    }
  }

  void report(const Finding& finding) {
    if (options_.findings.empty()) {
      std::fputs(("\n" + finding_text(finding)).c_str(), stderr);
      std::abort();
    }
    if (!known_.insert(finding_key(finding.record, AtWindows::alike)).second) return;
    std::fputs(announcement_text(finding).c_str(), stderr);
    std::FILE* file = std::fopen(options_.findings.c_str(), "a");
    if (file == nullptr || std::fputs((to_token(finding.plan) + "\n").c_str(), file) < 0 || std::fclose(file) != 0) {
      std::fprintf(stderr, "schedule_fuzz: cannot write %s\n", options_.findings.c_str());
      std::exit(static_cast<int>(Exit::tool));
    }
  }

  Options options_;
  PlanMutator mutator_;
  Runner runner_;
  WindowLog log_;
  CoverageAnalysis analysis_;
  std::set<std::string> known_;
};

std::unique_ptr<Target> target;

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Writes the token over the input if it fits; else it stays as it is.
std::size_t write_back(const Plan& plan, std::uint8_t* data, std::size_t size, std::size_t max_size) {
  const std::string token = to_token(plan);
  if (token.size() > max_size) return size;
  std::copy(token.begin(), token.end(), data);
  return token.size();
}

}  // namespace
}  // namespace jitterbug::fuzz

using namespace jitterbug;
using namespace jitterbug::fuzz;

// A run that ends in a finding, or in a deadlock that is one, leaves what its threads
// own: that is no leak. Copies of frames would make each of a run's many stacks dear.
extern "C" const char* __asan_default_options() { return "detect_leaks=0:detect_stack_use_after_return=0"; }

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  try {
    const std::span<char* const> arguments(*argv + 1, static_cast<std::size_t>(*argc - 1));
    target = std::make_unique<Target>(parse_options(arguments));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "schedule_fuzz: %s\n", e.what());
    std::exit(static_cast<int>(Exit::usage));
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::optional<Plan> plan = target->plan_of(text_of(data, size));
  if (!plan) return target->reject(text_of(data, size));
  return target->run(*plan) ? 0 : -1;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  rt::Rng rng(seed);
  std::optional<Plan> plan = target->plan_of(text_of(data, size));
  if (plan)
    target->mutator().mutate(*plan, rng);
  else
    plan = target->mutator().fresh(rng);
  return write_back(*plan, data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2, std::uint8_t* out,
                                                 std::size_t max_out_size, unsigned int seed) {
  rt::Rng rng(seed);
  const std::optional<Plan> a = target->plan_of(text_of(data1, size1)), b = target->plan_of(text_of(data2, size2));
  if (!a || !b) return 0;
  // libFuzzer crosses as often as it mutates.
  Plan plan = *a;
  if (rng.one_in(splice_one_in))
    plan = target->mutator().splice(*a, *b, rng);
  else
    target->mutator().mutate(plan, rng);
  return write_back(plan, out, 0, max_out_size);
}
