// O6: a P has one M and an M one P; a G runs on one M. Also the oracle of every reason to
// give up that is no other oracle's subject: a check of the scheduler that fails, and a
// refusal that the simulated machine has not given (it may refuse threads, nothing else).

#include "harness/oracle/makers.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

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

// Holds at every moment: an owner forgets before the next one can know.
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

// Holds when nobody is in the middle of a transfer.
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
  std::string_view id() const override { return "O6"; }

  void audit(const Evidence& e, Verdict& verdict) override {
    if (e.steps() < next_look_) return;
    next_look_ = e.steps() + steps_per_look;
    const rt::Snapshot& s = e.snapshot();
    std::string wrong = shared_by_two(s);
    if (wrong.empty() && settled(e)) wrong = not_mutual(s);
    if (wrong.empty() && settled(e)) wrong = g_out_of_place(s);
    if (!wrong.empty()) verdict.fail(id(), wrong + " (" + numbers(s.counters) + ")");
  }

  void fatal(const Evidence& e, Verdict& verdict, rt::Fatal kind, std::string_view message) override {
    const std::string reason = std::string(message) + " (" + numbers(e.counters()) + ")";
    switch (kind) {
      case rt::Fatal::broken_invariant:
        return verdict.fail(id(), "the scheduler finds that it is not true that " + reason);
      case rt::Fatal::out_of_memory:
      case rt::Fatal::refused:
        return verdict.fail(id(), "the runtime is refused what the machine grants: " + reason);
      case rt::Fatal::deadlock:
      case rt::Fatal::thread_exhaustion: return;
    }
  }

 private:
  std::uint64_t next_look_ = 0;
};

}  // namespace

std::unique_ptr<Oracle> make_ownership() { return std::make_unique<Ownership>(); }

}  // namespace jitterbug
