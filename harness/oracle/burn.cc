// O14: a request for a spinner is answered once, and nobody searches while all is
// asleep.

#include "harness/oracle/makers.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

// A loop that finds nothing searches every few hundred nanoseconds. Timers of a
// sleeping workload cause a few searches each, and none of ours is shorter than
// twenty microseconds.
constexpr std::uint64_t searches_max = 400;
constexpr rt::Duration time_per_search_min = 2 * rt::microsecond;

class Burn final : public Oracle {
 public:
  std::string_view id() const override { return "O14"; }

  void audit(const Evidence& e, Verdict& verdict) override {
    const rt::Counters& c = e.counters();
    if (c.lock_free && c.spinner_answers > c.spinner_requests) {
      verdict.fail(id(), std::to_string(c.spinner_requests) + " requests for a spinner were answered by " +
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
    verdict.fail(id(), std::to_string(searches) + " searches for work in " + std::to_string(elapsed) +
                           " ns while every P is idle or searching and nothing is queued (" + numbers(c) + ")");
  }

  std::int64_t progress_ = -1;
  std::uint64_t searches_ = 0;  // when the stretch began
  rt::Instant since_ = 0;
};

}  // namespace

std::unique_ptr<Oracle> make_burn() { return std::make_unique<Burn>(); }

}  // namespace jitterbug
