// O2: a deadlock is reported.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* deadlock_is_reported = "a deadlock is reported";
constexpr const char* invariants[] = {deadlock_is_reported};

// The report is due as soon as the last M parks. Fair scheduling lets every M park within a few
// hundred steps; sysmon's rounds may stretch the time that these take.
constexpr rt::Duration patience = 200 * rt::millisecond;
constexpr std::uint64_t patience_steps = 1'000;

class MissedDeadlock final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    if (!e.calm() || !e.ledger().stuck_on_purpose.load()) return;
    if (!waiting_) {
      waiting_ = true;
      since_ = e.now();
      since_step_ = e.steps();
      return;
    }
    const rt::Duration waited = e.now() - since_;
    if (waited <= patience || e.steps() - since_step_ <= patience_steps) return;
    fail(e, verdict, "after " + std::to_string(waited / rt::millisecond) + " ms of fair scheduling");
  }

  void world_dead(const Evidence& e, Verdict& verdict) override {
    if (e.ledger().stuck_on_purpose.load()) fail(e, verdict, "although no thread can ever run again");
  }

  void steps_exhausted(const Evidence& e, Verdict& verdict) override {
    if (e.ledger().stuck_on_purpose.load()) fail(e, verdict, "when the steps of the run are used up");
  }

 private:
  void fail(const Evidence& e, Verdict& verdict, const std::string& when) {
    const rt::Counters& c = e.counters();
    const int run = c.mcount - c.nmidle - c.nmidlelocked - c.nmsys;
    verdict.fail(OracleId::missed_deadlock, deadlock_is_reported,
                 "every G waits for another one and nothing is reported " + when + ": run=" + std::to_string(run) +
                     " (" + numbers(c) + ")");
  }

  bool waiting_ = false;
  rt::Instant since_ = 0;
  std::uint64_t since_step_ = 0;
};

}  // namespace

extern const OracleInfo missed_deadlock_oracle = {OracleId::missed_deadlock, invariants, made<MissedDeadlock>};

}  // namespace jitterbug
