// O4: when scheduling is fair, the workload comes forward. This oracle is asked last: it sees
// that something is wrong, and not what.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* comes_forward = "when scheduling is fair, the workload comes forward";
constexpr const char* somebody_can_run = "until the program has ended, some thread can run";
constexpr const char* ends_in_time = "the program ends within the steps of its run";
constexpr const char* invariants[] = {comes_forward, somebody_can_run, ends_in_time};

// Longer than any workload takes from one note of progress to the next, and ten times as long as
// a turn of every thread. The time allows for two rounds of a sysmon that sleeps for long: it
// may repair what is wrong.
constexpr std::uint64_t patience_steps = 20'000;
constexpr rt::Duration patience = 20 * rt::millisecond;

class Progress final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    const std::int64_t progress = e.ledger().progress.load();
    if (progress != progress_ || !e.calm() || e.ledger().stuck_on_purpose.load()) {
      progress_ = progress;
      since_step_ = e.steps();
      since_ = e.now();
      return;
    }
    if (e.steps() - since_step_ <= patience_steps || e.now() - since_ <= patience) return;
    fail(e, verdict, comes_forward,
         "no progress in " + std::to_string(e.steps() - since_step_) + " steps of fair scheduling");
  }

  void world_dead(const Evidence& e, Verdict& verdict) override {
    fail(e, verdict, somebody_can_run, "no thread can ever run again and the program has not ended");
  }

  void steps_exhausted(const Evidence& e, Verdict& verdict) override {
    fail(e, verdict, ends_in_time, "the steps of the run are used up and the program has not ended");
  }

 private:
  void fail(const Evidence& e, Verdict& verdict, const char* invariant, const std::string& what) {
    const Ledger& l = e.ledger();
    verdict.fail(OracleId::progress, invariant,
                 what + ": progress=" + std::to_string(l.progress.load()) +
                     " spawned=" + std::to_string(l.spawned.load()) + " ended=" + std::to_string(l.ended.load()) +
                     " waiting=" + std::to_string(l.waits_begun.load() - l.waits_ended.load()) + " in_callbacks=" +
                     std::to_string(l.callbacks_begun.load() - l.callbacks_ended.load()) + "; " + e.state_line());
  }

  std::int64_t progress_ = -1;
  std::uint64_t since_step_ = 0;
  rt::Instant since_ = 0;
};

}  // namespace

extern const OracleInfo progress_oracle = {OracleId::progress, invariants, made<Progress>};

}  // namespace jitterbug
