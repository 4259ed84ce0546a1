// O3: no runnable G waits beside an idle P unless somebody is on the way to it.

#include "harness/oracle/makers.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

// While an idle P and no spinner are to be seen, a snapshot is taken at this
// distance, and two of them in a row must show stranded work.
constexpr std::uint64_t steps_per_look = 48;
constexpr int looks_needed = 2;

bool worth_a_look(const rt::Counters& c) {
  return c.npidle > 0 && c.nmspinning == 0 && c.lock_free;
}

class WorkConservation final : public Oracle {
 public:
  std::string_view id() const override { return "O3"; }

  void audit(const Evidence& e, Verdict& verdict) override {
    // Without threads work has to wait; for how long is a question of progress.
    if (!worth_a_look(e.counters()) || e.thread_refused()) {
      looks_ = 0;
      return;
    }
    if (e.steps() < next_look_) return;
    next_look_ = e.steps() + steps_per_look;
    if (!strands_work(e)) {
      looks_ = 0;
      return;
    }
    if (looks_++ == 0) since_ = e.steps();
    if (looks_ >= looks_needed) fail(e, verdict);
  }

  void world_dead(const Evidence& e, Verdict& verdict) override { last_look(e, verdict); }
  void steps_exhausted(const Evidence& e, Verdict& verdict) override { last_look(e, verdict); }

 private:
  static bool strands_work(const Evidence& e) {
    const rt::Snapshot& s = e.snapshot();
    return queued_gs(s) > 0 && idle_ps(s) > 0 && settled(e);
  }

  void last_look(const Evidence& e, Verdict& verdict) {
    if (e.ledger().stuck_on_purpose.load()) return;
    since_ = looks_ > 0 ? since_ : e.steps();
    if (worth_a_look(e.counters()) && strands_work(e)) fail(e, verdict);
  }

  void fail(const Evidence& e, Verdict& verdict) {
    const rt::Snapshot& s = e.snapshot();
    std::string where;
    for (const rt::PView& p : s.ps) {
      if (p.queued > 0) where += ", P" + std::to_string(p.id) + " queues " + std::to_string(p.queued);
    }
    verdict.fail(id(), std::to_string(queued_gs(s)) + " runnable Gs wait beside " + std::to_string(idle_ps(s)) +
                           " idle Ps, nobody spins and nobody is on the way, for " +
                           std::to_string(e.steps() - since_) + " steps" + where + " (" + numbers(s.counters) + ")");
  }

  int looks_ = 0;  // in a row that showed stranded work
  std::uint64_t next_look_ = 0;
  std::uint64_t since_ = 0;
};

}  // namespace

std::unique_ptr<Oracle> make_work_conservation() { return std::make_unique<WorkConservation>(); }

}  // namespace jitterbug
