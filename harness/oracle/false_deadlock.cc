// O1: no deadlock is reported while a G can go on.

#include <algorithm>

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* nobody_can_go_on = "a deadlock is reported when no G can go on";
constexpr const char* workload_is_stuck = "a deadlock is reported when the workload is stuck";
constexpr const char* count_is_right = "a deadlock is reported when no G could run";
constexpr const char* invariants[] = {nobody_can_go_on, workload_is_stuck, count_is_right};

bool can_go_on(const rt::GView& g) {
  if (g.system) return false;
  return g.status == rt::GStatus::runnable || g.status == rt::GStatus::running || g.status == rt::GStatus::syscall;
}

const char* describe(rt::GStatus s) {
  switch (s) {
    case rt::GStatus::runnable: return "runnable";
    case rt::GStatus::running: return "running";
    case rt::GStatus::syscall: return "in a system call";
    default: return "asleep";
  }
}

class FalseDeadlock final : public Oracle {
 public:
  void fatal(const Evidence& e, Verdict& verdict, rt::Fatal kind, std::string_view message) override {
    if (kind != rt::Fatal::deadlock && kind != rt::Fatal::miscounted) return;
    const rt::Snapshot& s = e.snapshot();
    const auto alive = std::find_if(s.gs.begin(), s.gs.end(), can_go_on);
    const std::string report = "the runtime reports \"" + std::string(message) + "\" ";
    const std::string state = " (" + numbers(s.counters) + ")";
    if (alive != s.gs.end()) {
      verdict.fail(OracleId::false_deadlock, nobody_can_go_on,
                   report + "while G" + std::to_string(alive->id) + " is " + describe(alive->status) + state);
    } else if (!e.ledger().stuck_on_purpose.load()) {
      verdict.fail(OracleId::false_deadlock, workload_is_stuck, report + "although the workload is not stuck" + state);
    } else if (kind == rt::Fatal::miscounted) {
      // The deadlock is real, but the runtime's sum of running Ms is not.
      verdict.fail(OracleId::false_deadlock, count_is_right, report + "about Gs that all wait for each other" + state);
    } else {
      verdict.accept();
    }
  }
};

}  // namespace

extern const OracleInfo false_deadlock_oracle = {OracleId::false_deadlock, invariants, made<FalseDeadlock>};

}  // namespace jitterbug
