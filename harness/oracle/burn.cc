// O14: a request for a spinner is answered once, and nobody searches while all is
// asleep.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* answered_once = "a request for a spinner is answered once";
constexpr const char* nobody_searches_in_vain =
    "nobody searches while every P is idle or searching and nothing is queued";
constexpr const char* invariants[] = {answered_once, nobody_searches_in_vain};

// A thread that searches in a loop makes a pass every few hundred nanoseconds of virtual time.
// A sleeping workload causes a few passes with each timer, and no stressor has a timer shorter
// than twenty microseconds.
constexpr std::uint64_t searches_max = 400;
constexpr rt::Duration time_per_search_min = 2 * rt::microsecond;

class Burn final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    const rt::Counters& c = e.counters();
    if (c.lock_free && c.spinner_answers > c.spinner_requests) {
      verdict.fail(OracleId::burn, answered_once,
                   std::to_string(c.spinner_requests) + " requests for a spinner were answered by " +
                       std::to_string(c.spinner_answers) + " Ms about to park");
      return;
    }
    watch_sleep(e, verdict);
  }

 private:
  void watch_sleep(const Evidence& e, Verdict& verdict) {
    const rt::Counters& c = e.counters();
    const std::int64_t progress = e.ledger().progress.load();
    if (c.npidle + c.nmspinning < c.procs || c.global_queue > 0 || progress != progress_) {
      progress_ = progress;
      searches_ = c.searches;
      since_ = e.now();
      return;
    }
    const std::uint64_t searches = c.searches - searches_;
    const rt::Duration elapsed = e.now() - since_;
    if (searches <= searches_max) return;
    if (elapsed >= static_cast<rt::Duration>(searches) * time_per_search_min) return;
    verdict.fail(OracleId::burn, nobody_searches_in_vain,
                 std::to_string(searches) + " searches for work in " + std::to_string(elapsed) +
                     " ns while every P is idle or searching and nothing is queued (" + numbers(c) + ")");
  }

  std::int64_t progress_ = -1;
  std::uint64_t searches_ = 0;  // passes over all queues, when work was last seen
  rt::Instant since_ = 0;       // that moment
};

}  // namespace

extern const OracleInfo burn_oracle = {OracleId::burn, invariants, made<Burn>};

}  // namespace jitterbug
