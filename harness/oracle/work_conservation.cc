// O3: no runnable G waits beside an idle P unless somebody is on the way to it.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* nobody_waits_beside_an_idle_p =
    "no runnable G waits beside an idle P unless somebody is on the way to it";
constexpr const char* invariants[] = {nobody_waits_beside_an_idle_p};

// While a P is idle and no M spins, a snapshot is taken every so many steps. Several in a row
// must show a queued G.
constexpr std::uint64_t steps_per_look = 48;
constexpr rt::Duration refusal_made_up_for = 25 * rt::millisecond;

bool worth_a_look(const rt::Counters& c) { return c.npidle > 0 && c.nmspinning == 0; }

class WorkConservation final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    if (!e.calm()) calm_since_ = e.now();
    if (!worth_a_look(e.counters()) || waits_for_threads(e)) {
      weight_ = 0;
      return;
    }
    if (e.steps() < next_look_ || !e.counters().lock_free) return;
    next_look_ = e.steps() + steps_per_look;
    const int weight = look(e);
    if (weight == 0) {
      weight_ = 0;
      return;
    }
    if (weight_ == 0) since_ = e.steps();
    weight_ += weight;
    if (weight_ >= enough_weight) fail(e, verdict);
  }

  void world_dead(const Evidence& e, Verdict& verdict) override { last_look(e, verdict); }
  void steps_exhausted(const Evidence& e, Verdict& verdict) override { last_look(e, verdict); }

 private:
  // Where the system refused a thread, work has to wait. In the calm it refuses none, and within
  // two rounds of a sysmon that sleeps for long the runtime has tried again.
  bool waits_for_threads(const Evidence& e) const {
    return e.thread_refused() && e.now() - calm_since_ <= refusal_made_up_for;
  }

  // The weight of this moment as one that shows a queued G beside an idle P; 0: it shows none.
  static int look(const Evidence& e) {
    const rt::Snapshot& s = e.snapshot();
    if (queued_gs(s) == 0 || idle_ps(s) == 0) return 0;
    return weight_of_moment(e);
  }

  void last_look(const Evidence& e, Verdict& verdict) {
    if (e.ledger().stuck_on_purpose.load()) return;
    since_ = weight_ > 0 ? since_ : e.steps();
    if (worth_a_look(e.counters()) && look(e) > 0) fail(e, verdict);
  }

  void fail(const Evidence& e, Verdict& verdict) {
    const rt::Snapshot& s = e.snapshot();
    std::string where;
    for (const rt::PView& p : s.ps) {
      if (p.queued > 0) where += ", P" + std::to_string(p.id) + " queues " + std::to_string(p.queued);
    }
    verdict.fail(OracleId::work_conservation, nobody_waits_beside_an_idle_p,
                 std::to_string(queued_gs(s)) + " runnable Gs wait beside " + std::to_string(idle_ps(s)) +
                     " idle Ps, nobody spins and nobody is on the way, for " + std::to_string(e.steps() - since_) +
                     " steps" + where + " (" + numbers(s.counters) + ")");
  }

  int weight_ = 0;  // of the looks in a row that showed a queued G beside an idle P
  std::uint64_t next_look_ = 0;
  std::uint64_t since_ = 0;
  rt::Instant calm_since_ = 0;
};

}  // namespace

extern const OracleInfo work_conservation_oracle = {OracleId::work_conservation, invariants, made<WorkConservation>};

}  // namespace jitterbug
