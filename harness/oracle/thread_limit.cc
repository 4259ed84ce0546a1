// O15: the runtime gives up for its threads exactly when they exceed the limit.

#include <algorithm>

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* excess_is_reported = "threads beyond the limit are reported";
constexpr const char* no_excess_is_reported = "threads are reported only beyond the limit";
constexpr const char* invariants[] = {excess_is_reported, no_excess_is_reported};

class ThreadLimit final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    const int limit = e.ledger().thread_limit.load();
    if (limit <= 0 || e.live_threads("") <= limit) return;  // most of the time
    const int threads = runtime_threads(e);
    if (threads <= limit) return;
    verdict.fail(OracleId::thread_limit, excess_is_reported,
                 "the runtime owns " + std::to_string(threads) + " threads, its limit is " + std::to_string(limit) +
                     ", and nothing is reported (" + numbers(e.counters()) + ")");
  }

  void fatal(const Evidence& e, Verdict& verdict, rt::Fatal kind, std::string_view) override {
    if (kind != rt::Fatal::thread_exhaustion) return;
    const int limit = e.ledger().thread_limit.load();
    const int wanted = threads_wanted(e);
    if (limit > 0 && wanted > limit) {
      verdict.accept();
      return;
    }
    const std::string bound =
        limit > 0 ? "the limit is " + std::to_string(limit) : "the workload stays far below the limit";
    verdict.fail(OracleId::thread_limit, no_excess_is_reported,
                 "thread exhaustion is reported when the runtime wants " + std::to_string(wanted) + " threads and " +
                     bound + " (" + numbers(e.counters()) + ")");
  }

 private:
  // The runtime gives up before it makes the thread that is too many. Its own count says how many
  // it wants, but may be wrong. An upper bound: the threads there are, and one in the making for
  // each M in scheduler code.
  static int threads_wanted(const Evidence& e) {
    const rt::Snapshot& s = e.snapshot();
    const int counted = e.counters().mcount - e.counters().extra_created;
    if (s.ms.empty()) return counted;
    const int ms = static_cast<int>(s.ms.size()) - e.counters().extra_created;
    const auto makers =
        std::count_if(s.ms.begin(), s.ms.end(), [](const rt::MView& m) { return !m.idle && !m.in_user_code; });
    return std::min(counted, std::max(runtime_threads(e), ms) + static_cast<int>(makers));
  }
};

}  // namespace

extern const OracleInfo thread_limit_oracle = {OracleId::thread_limit, invariants, made<ThreadLimit>};

}  // namespace jitterbug
