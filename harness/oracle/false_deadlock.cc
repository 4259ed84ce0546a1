// O1: no deadlock is reported while a G can go on.

#include <algorithm>

#include "harness/oracle/makers.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

// The check gives up in two ways: it finds all Gs asleep, or it finds one that could
// run although no M is left to run it. The second is never right.
bool contradicts_itself(std::string_view message) { return message.starts_with("check_dead"); }

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
  std::string_view id() const override { return "O1"; }

  void fatal(const Evidence& e, Verdict& verdict, rt::Fatal kind, std::string_view message) override {
    if (kind != rt::Fatal::deadlock) return;
    const rt::Snapshot& s = e.snapshot();
    const auto alive = std::find_if(s.gs.begin(), s.gs.end(), can_go_on);
    const std::string report = "the runtime reports \"" + std::string(message) + "\" ";
    if (alive != s.gs.end()) {
      verdict.fail(id(), report + "while G" + std::to_string(alive->id) + " is " + describe(alive->status) + " (" +
                             numbers(s.counters) + ")");
    } else if (!e.ledger().stuck_on_purpose.load()) {
      verdict.fail(id(), report + "although the workload is not stuck (" + numbers(s.counters) + ")");
    } else if (contradicts_itself(message)) {
      verdict.fail(id(), report + "about Gs that all wait for each other (" + numbers(s.counters) + ")");
    } else {
      verdict.accept();
    }
  }
};

}  // namespace

std::unique_ptr<Oracle> make_false_deadlock() { return std::make_unique<FalseDeadlock>(); }

}  // namespace jitterbug
