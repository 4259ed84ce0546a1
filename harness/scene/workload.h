#pragma once
// What a plan runs: a stressor of the scheduler, a classic program, a program of a test.
//
// A workload is one file, which says what it is, and no list names it:
//
//   void naps(Scene& scene) { ... }
//   const RegisteredWorkload registered({"naps", "timers are armed anew while ...", Judges::scheduler, body_of<naps>});
//
// It is known where its object is linked. Everything here may be called from any thread
// once main() has begun. Nothing here depends on a flavour of the runtime.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitterbug {

class Scene;

// The state of one run. The run's first thread makes it; it is destroyed after the run. A
// run that is given up unwinds nobody, so what threads share, and what owns memory, is
// better a member than a local variable.
class Body {
 public:
  virtual ~Body() = default;
  // The first thread of the run.
  virtual void run(Scene& scene) = 0;
};

// Whose oracles judge the run.
enum class Judges : std::uint8_t {
  scheduler,  // those of the scheduler under test
  program,    // those of any program: it keeps its assertions, and comes to its end
};

struct Workload {
  const char* name;
  const char* sentence;  // what it provokes, or the bug that it has
  Judges judges;
  std::function<std::unique_ptr<Body>()> make;
  // The interleaving that each of its runs follows (harness/script/script.h); null: the
  // strategy decides. See race.h.
  const char* script = nullptr;
};

// All that are linked, in order of name.
std::span<const Workload> workloads();
const Workload* find_workload(std::string_view name);  // null: unknown
const Workload& workload_named(const std::string& name);  // throws UsageError
// The place of a known one in workloads().
std::size_t number_of_workload(std::string_view name);
// Those for the scheduler that follow no script, in order of name.
std::vector<Workload> stressors();

// The names in a comma-separated list, each once; "all": the stressors. Throws UsageError,
// which names the option, for a name that is unknown or for none.
std::vector<std::string> workloads_named(std::string_view list, const std::string& option);

class RegisteredWorkload {
 public:
  explicit RegisteredWorkload(const Workload& workload);
};

// For a workload that keeps its state in local variables.
template <void (*function)(Scene& scene)>
std::unique_ptr<Body> body_of() {
  struct Function final : Body {
    void run(Scene& scene) override { function(scene); }
  };
  return std::make_unique<Function>();
}

}  // namespace jitterbug
