// O6: a P has one M and an M one P; a G runs on one M.
//
// This oracle also judges what the runtime gives up for and no other oracle does: a check in
// the scheduler that failed, and a complaint that the system refused something. The simulated
// machine refuses threads and nothing else.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* one_owner = "a P has one M, a G runs on one M";
constexpr const char* owners_agree = "a P that runs and its M know each other";
constexpr const char* gs_run_on_ms = "a G that runs is run by its M";
constexpr const char* checks_hold = "what the scheduler checks holds";
constexpr const char* nothing_refused = "the runtime is refused nothing that the machine grants";
constexpr const char* invariants[] = {one_owner, owners_agree, gs_run_on_ms, checks_hold, nothing_refused};

constexpr std::uint64_t steps_per_look = 96;

const rt::PView* find_p(const rt::Snapshot& s, int id) {
  for (const rt::PView& p : s.ps) {
    if (p.id == id) return &p;
  }
  return nullptr;
}

const rt::MView* find_m(const rt::Snapshot& s, std::int64_t id) {
  for (const rt::MView& m : s.ms) {
    if (m.id == id) return &m;
  }
  return nullptr;
}

std::string name(char letter, std::int64_t id) { return letter + std::to_string(id); }

// No two Ms share a P or a G, at any moment: an owner forgets what it gives away before the
// next one can know of it.
std::string shared_by_two(const rt::Snapshot& s) {
  for (std::size_t i = 0; i < s.ms.size(); ++i) {
    for (std::size_t j = i + 1; j < s.ms.size(); ++j) {
      const rt::MView& a = s.ms[i];
      const rt::MView& b = s.ms[j];
      const auto both = [&a, &b] { return name('M', a.id) + " and " + name('M', b.id); };
      if (a.p != -1 && a.p == b.p) return both() + " both hold " + name('P', a.p);
      if (a.g != -1 && a.g == b.g) return both() + " both run " + name('G', a.g);
    }
  }
  return {};
}

// P and M name each other, in settled moments: in the middle of a transfer they do not.
std::string not_mutual(const rt::Snapshot& s) {
  for (const rt::PView& p : s.ps) {
    if (p.status != rt::PStatus::running) continue;
    const rt::MView* m = find_m(s, p.m);
    if (m == nullptr) return name('P', p.id) + " runs and its M" + std::to_string(p.m) + " does not exist";
    if (m->p != p.id) {
      return name('P', p.id) + " belongs to " + name('M', m->id) + ", which holds P" + std::to_string(m->p);
    }
  }
  for (const rt::MView& m : s.ms) {
    if (m.p == -1) continue;
    const rt::PView* p = find_p(s, m.p);
    if (p == nullptr) return name('M', m.id) + " holds a P that does not exist";
    if (p->status != rt::PStatus::running || p->m != m.id) {
      return name('M', m.id) + " holds " + name('P', p->id) + ", which belongs to M" + std::to_string(p->m);
    }
  }
  return {};
}

std::string g_out_of_place(const rt::Snapshot& s) {
  for (const rt::GView& g : s.gs) {
    if (g.status != rt::GStatus::running && g.status != rt::GStatus::syscall) continue;
    const rt::MView* m = find_m(s, g.m);
    if (m == nullptr) return name('G', g.id) + " runs on no M";
    if (m->g != g.id) return name('G', g.id) + " runs on " + name('M', m->id) + ", which runs G" + std::to_string(m->g);
  }
  return {};
}

class Ownership final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    if (e.steps() < next_look_) return;
    next_look_ = e.steps() + steps_per_look;
    const rt::Snapshot& s = e.snapshot();
    if (fails(verdict, s, one_owner, shared_by_two(s)) || !settled(e)) return;
    if (fails(verdict, s, owners_agree, not_mutual(s))) return;
    fails(verdict, s, gs_run_on_ms, g_out_of_place(s));
  }

  void fatal(const Evidence& e, Verdict& verdict, rt::Fatal kind, std::string_view message) override {
    const std::string reason = std::string(message) + " (" + numbers(e.counters()) + ")";
    switch (kind) {
      case rt::Fatal::broken_invariant:
        return verdict.fail(OracleId::ownership, checks_hold + (": " + std::string(message)),
                            "the scheduler finds that it is not true that " + reason);
      case rt::Fatal::out_of_memory:
      case rt::Fatal::refused:
        return verdict.fail(OracleId::ownership, nothing_refused,
                            "the runtime is refused what the machine grants: " + reason);
      case rt::Fatal::deadlock:
      case rt::Fatal::miscounted:
      case rt::Fatal::thread_exhaustion: return;
    }
  }

 private:
  static bool fails(Verdict& verdict, const rt::Snapshot& s, const char* invariant, const std::string& wrong) {
    if (wrong.empty()) return false;
    verdict.fail(OracleId::ownership, invariant, wrong + " (" + numbers(s.counters) + ")");
    return true;
  }

  std::uint64_t next_look_ = 0;
};

}  // namespace

extern const OracleInfo ownership_oracle = {OracleId::ownership, invariants, made<Ownership>};

}  // namespace jitterbug
