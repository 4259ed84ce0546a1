// O5: when nobody is in scheduler code, every counter equals what it counts; and
// at no moment at all does one leave the range it can have.

#include <algorithm>

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* within_bounds = "a counter keeps within its bounds";
constexpr const char* equals_what_it_counts = "when nobody is in scheduler code, a counter equals what it counts";
constexpr const char* nothing_is_left = "when run() has returned, nothing is left";
constexpr const char* invariants[] = {within_bounds, equals_what_it_counts, nothing_is_left};

constexpr std::uint64_t steps_per_look = 160;

struct Mismatch {
  const char* what = nullptr;  // null: none
  std::int64_t counted = 0;
  std::int64_t actual = 0;
};

// Each counter is an invariant of its own.
std::string of(const char* invariant, const Mismatch& m) { return invariant + (": " + std::string(m.what)); }

// Values that no interleaving of correct threads can produce. nmidlelocked may be negative: if
// the G of a locked M is fetched before that M has parked, the M is counted out before it is
// counted in; and sysmon lowers the word to count itself as running.
Mismatch out_of_range(const rt::Counters& c) {
  if (c.nmspinning < 0) return {"nmspinning", c.nmspinning, 0};
  if (c.npidle < 0) return {"npidle", c.npidle, 0};
  if (c.npidle > c.procs) return {"npidle", c.npidle, c.procs};
  if (c.nmidle < 0) return {"nmidle", c.nmidle, 0};
  if (c.nmidlelocked < -c.mcount) return {"nmidlelocked", c.nmidlelocked, -c.mcount};
  if (c.extra_length < 0) return {"extra_length", c.extra_length, 0};
  if (c.extra_length > c.extra_created) return {"extra_length", c.extra_length, c.extra_created};
  if (c.extra_in_use < 0) return {"extra_in_use", c.extra_in_use, 0};
  if (c.extra_in_use > c.extra_created) return {"extra_in_use", c.extra_in_use, c.extra_created};
  if (c.extra_waiters < 0) return {"extra_waiters", c.extra_waiters, 0};
  if (c.global_queue < 0) return {"global_queue", c.global_queue, 0};
  return {};
}

int parked_locked_ms(const rt::Snapshot& s) {
  return static_cast<int>(std::count_if(s.ms.begin(), s.ms.end(), [](const rt::MView& m) {
    return m.locked_g != -1 && m.p == -1 && m.g == -1 && !m.idle && !m.in_user_code;
  }));
}

int idle_ms(const rt::Snapshot& s) {
  return static_cast<int>(std::count_if(s.ms.begin(), s.ms.end(), [](const rt::MView& m) { return m.idle; }));
}

Mismatch off_when_settled(const Evidence& e) {
  const rt::Snapshot& s = e.snapshot();
  const rt::Counters& c = s.counters;
  if (c.nmspinning != 0) return {"nmspinning", c.nmspinning, 0};
  if (c.npidle != idle_ps(s)) return {"npidle", c.npidle, idle_ps(s)};
  if (c.nmidle != idle_ms(s)) return {"nmidle", c.nmidle, idle_ms(s)};
  if (c.nmidlelocked != parked_locked_ms(s)) return {"nmidlelocked", c.nmidlelocked, parked_locked_ms(s)};
  // When a G that is tied to the first thread ends, its M is gone, but the thread belongs to
  // the caller of run() and stays.
  const int threads = runtime_threads(e) + c.extra_created;
  if (c.mcount > threads || c.mcount < threads - 1) return {"mcount", c.mcount, threads};
  return {};
}

class QuiescentCounters final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    if (const Mismatch m = out_of_range(e.counters()); m.what != nullptr) {
      verdict.fail(OracleId::quiescent_counters, of(within_bounds, m),
                   std::string(m.what) + " is " + std::to_string(m.counted) + ", beyond its bound " +
                       std::to_string(m.actual) + " (" + numbers(e.counters()) + ")");
      return;
    }
    if (e.steps() < next_look_) return;
    next_look_ = e.steps() + steps_per_look;
    look(e, verdict, enough_weight);
  }

  void world_dead(const Evidence& e, Verdict& verdict) override { look(e, verdict, settled_weight); }

  void at_end(const Evidence& e, Verdict& verdict) override {
    const rt::Counters& c = e.counters();
    if (c.nmspinning != 0) fail(verdict, nothing_is_left, c, {"nmspinning", c.nmspinning, 0});
    const int threads = e.live_threads("m") + e.live_threads("sysmon");
    if (threads != 0) fail(verdict, nothing_is_left, c, {"the number of threads", threads, 0});
    if (c.extra_in_use != 0) fail(verdict, nothing_is_left, c, {"extra_in_use", c.extra_in_use, 0});
  }

 private:
  // If only sysmon is in scheduler code, nmspinning alone is judged: sysmon changes the other
  // words for a moment.
  static Mismatch mismatch(const Evidence& e, int weight) {
    if (weight == 0) return {};
    const std::int64_t nmspinning = e.counters().nmspinning;
    if (weight < settled_weight) return nmspinning == 0 ? Mismatch{} : Mismatch{"nmspinning", nmspinning, 0};
    return off_when_settled(e);
  }

  void look(const Evidence& e, Verdict& verdict, int needed) {
    const int weight = weight_of_moment(e);
    const Mismatch m = mismatch(e, weight);
    if (m.what == nullptr || m.what != suspect_) weight_ = 0;
    suspect_ = m.what;
    if (m.what == nullptr) return;
    weight_ += weight;
    if (weight_ >= needed) fail(verdict, equals_what_it_counts, e.counters(), m);
  }

  void fail(Verdict& verdict, const char* invariant, const rt::Counters& c, const Mismatch& m) {
    const char* when = invariant == nothing_is_left ? " when run() has returned" : " while nobody is in scheduler code";
    verdict.fail(OracleId::quiescent_counters, of(invariant, m),
                 std::string(m.what) + " is " + std::to_string(m.counted) + " and should be " +
                     std::to_string(m.actual) + when + " (" + numbers(c) + ")");
  }

  std::uint64_t next_look_ = 0;
  int weight_ = 0;                 // of the looks in a row that showed the suspect
  const char* suspect_ = nullptr;  // what was off at the last look
};

}  // namespace

extern const OracleInfo quiescent_counters_oracle = {OracleId::quiescent_counters, invariants, made<QuiescentCounters>};

}  // namespace jitterbug
