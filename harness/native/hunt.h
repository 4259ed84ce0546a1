#pragma once
// Many runs on real threads, several at a time, each in a process of its own.

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/native/run.h"
#include "harness/run/record.h"

namespace jitterbug {

struct NativeHunt {
  std::vector<std::string> workloads;
  std::string noise = "swarm";
  std::optional<std::uint64_t> schedules;  // neither this nor seconds: native_schedules_default
  double seconds = 0;                      // after which no run starts; 0: no limit
  std::uint64_t seed = 1;
  int jobs = 1;
  std::uint64_t enough = std::numeric_limits<std::uint64_t>::max();  // failures after which no run starts
  std::string lifted;                      // id of a row, or empty
  std::map<std::string, std::int64_t> fixed;
  double hang_seconds = 30;                // without progress of the workload: a hang
  NativeTracing tracing = NativeTracing::under_noise;
};

inline constexpr std::uint64_t native_schedules_default = 1'000;

struct NativeTally {
  double seconds = 0;
  std::uint64_t schedules = 0;
  std::uint64_t failures = 0;
  std::uint64_t holds = 0;     // of threads, in runs that came to their end
  std::uint64_t reached = 0;   // runs that came to the lifted safeguard
  NativeWindows entered;
};

struct NativeHuntResult {
  NativeTally tally;
  std::vector<Finding> findings;  // one for each oracle and sentence, numbers aside
  bool interrupted = false;
  bool ended = false;             // else there is more to come
};

Plan native_plan(const NativeHunt& hunt, std::uint64_t index);

// Throws as check_native_plan(); nothing has run then.
void check_native_hunt(const NativeHunt& hunt);

struct NativeHuntWatch {
  std::function<void(const NativeTally&)> progress = {};              // several times a second
  std::function<void(const Finding&)> found = {};                     // each new one, at once
  std::function<void(const NativeHuntResult&)> save = {};             // all that is known, after each new one
};

NativeHuntResult hunt_natively(const NativeHunt& hunt, const NativeHuntWatch& watch);

// The runs of one plan, again and again. It has passed check_native_plan().
struct NativeReplay {
  Plan plan;
  std::uint64_t times = 100;
  double hang_seconds = 30;
  NativeTracing tracing = NativeTracing::under_noise;
};

NativeHuntResult replay_natively(const NativeReplay& replay, const NativeHuntWatch& watch);

}  // namespace jitterbug
