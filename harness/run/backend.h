#pragma once
// How plans are run: in the simulated machine, or on real threads. Each binary links one
// definition of backend(): harness/simulated/backend.cc or harness/native/backend.cc. Whoever
// makes something of runs (harness/campaign and above) knows no other difference.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/child.h"
#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "harness/run/window_set.h"

namespace jitterbug {

class WindowLog;  // harness/coverage

// Runs plans in the calling process, one after the other. A run may take the process with
// it. Not thread-safe.
class PlanRunner {
 public:
  virtual ~PlanRunner() = default;
  // The plan has passed Backend::check. trace_steps: how many of its last steps are wanted.
  virtual Record run(const Plan& plan, std::size_t trace_steps) = 0;
  // Of the last run.
  virtual WindowSet windows_entered() const = 0;
  virtual WindowSet windows_switched() const = 0;
  // From now on each run is written down in the log, which is the last run's until the
  // next one and must outlive this.
  virtual void watch(WindowLog& log) = 0;
};

struct Flavour {
  const char* name;      // as --flavour takes it
  const char* in_plans;  // as they and their tokens say it
  const char* tool;      // the binary that has it: TOOL, or TOOL_ROW with a patch
};

inline constexpr Flavour simulated_flavour = {"simulated", "simulated", "jitterbug"};
inline constexpr Flavour native_flavour = {"native", "instrumented", "jitterbug_native"};

// The binary for plans of a flavour, which is one of the above.
const char* tool_of(const std::string& flavour);

struct Backend {
  const Flavour& flavour;
  bool repeats;          // equal plans give equal runs
  AtWindows windows;     // whether they tell findings apart
  // A process runs so many plans; 0: any number.
  unsigned runs_per_process;
  // Of a process that runs plans: how a hang is told, what the two have in common.
  ChildOptions process;
  // Where Plan::strategy says who decides; null: the strategies of harness/strategy.
  const char* only_strategy;

  // Throws UsageError when a plan names what does not exist or cannot be run,
  // ImpossibleError when it needs another binary.
  void (*check)(const Plan& plan);
  std::unique_ptr<PlanRunner> (*make_runner)(Parent& parent);
  // What a run was that has ended its process. `said`: what it told its parent by
  // say() meanwhile, in order; `shared`: ChildOptions::shared_bytes of memory.
  Record (*judge)(const Ending& ending, const std::vector<std::string>& said, const void* shared);
};

const Backend& backend();

// For a run: a line for Backend::judge, cut off at Parent::message_short. From any thread and
// in a signal handler.
void say(const Parent& parent, std::string_view line);
// The message that say() sends.
inline constexpr char said_tag = 's';

}  // namespace jitterbug
