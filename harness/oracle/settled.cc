#include "harness/oracle/settled.h"

#include <algorithm>

namespace jitterbug {
namespace {

using rt::engine::OpKind;

// The P is on its way from one owner to the next.
bool in_somebodys_hands(const rt::PView& p) {
  switch (p.status) {
    case rt::PStatus::idle: return !p.on_idle_list || p.m != -1;
    case rt::PStatus::running: return p.m == -1 || p.on_idle_list;
    case rt::PStatus::syscall: return p.on_idle_list;
  }
  return true;
}

enum class Whereabouts { parked, busy, unknown };

Whereabouts whereabouts(const rt::MView& m) {
  if (m.idle || m.in_user_code) return Whereabouts::parked;
  if (m.p != -1 || m.g != -1) return Whereabouts::busy;
  // A locked M without a P that does not run its G waits for that G.
  if (m.locked_g != -1) return Whereabouts::parked;
  return Whereabouts::unknown;
}

// Settled, if `sysmon` threads of sysmon are taken to be out of scheduler code.
bool settled_with(const Evidence& e, int sysmon) {
  if (!e.counters().lock_free) return false;
  const rt::Snapshot& s = e.snapshot();
  if (std::any_of(s.ps.begin(), s.ps.end(), in_somebodys_hands)) return false;
  int unknown = 0;
  for (const rt::MView& m : s.ms) {
    const Whereabouts w = whereabouts(m);
    if (w == Whereabouts::busy) return false;
    unknown += w == Whereabouts::unknown ? 1 : 0;
  }
  // A snapshot does not say where these Ms are: spare extra Ms and Ms whose thread has ended,
  // which run nothing; sysmon; and Ms that sleep in the poller. Any further M of which it does
  // not say so is in scheduler code.
  const int spent = std::max(static_cast<int>(s.ms.size()) - s.counters.mcount, 0);
  const int polling = e.blocked_threads("", OpKind::poll_wait);
  return unknown <= spent + s.counters.extra_length + sysmon + polling;
}

}  // namespace

bool settled(const Evidence& e) {
  // A sysmon that waits for a lock is in the middle of something; one that sleeps is not.
  return settled_with(e, e.sleeping_threads("sysmon"));
}

int weight_of_moment(const Evidence& e) {
  if (settled(e)) return settled_weight;
  return e.calm() && settled_with(e, e.live_threads("sysmon")) ? 1 : 0;
}

int queued_gs(const rt::Snapshot& s) {
  int queued = s.counters.global_queue;
  for (const rt::PView& p : s.ps) queued += p.queued;
  const auto runnable = std::count_if(s.gs.begin(), s.gs.end(), [](const rt::GView& g) {
    return g.status == rt::GStatus::runnable;
  });
  return std::min(queued, static_cast<int>(runnable));
}

int idle_ps(const rt::Snapshot& s) {
  return static_cast<int>(std::count_if(s.ps.begin(), s.ps.end(), [](const rt::PView& p) { return p.on_idle_list; }));
}

int runtime_threads(const Evidence& e) {
  return e.live_threads("main") + e.live_threads("m") + e.live_threads("sysmon");
}

std::string numbers(const rt::Counters& c) {
  std::string line;
  const auto word = [&line](const char* name, std::int64_t value) {
    line += line.empty() ? "" : " ";
    line += name;
    line += '=';
    line += std::to_string(value);
  };
  word("procs", c.procs);
  word("npidle", c.npidle);
  word("nmspinning", c.nmspinning);
  word("needspinning", c.needspinning);
  word("mcount", c.mcount);
  word("nmidle", c.nmidle);
  word("nmidlelocked", c.nmidlelocked);
  word("nmsys", c.nmsys);
  word("extra_length", c.extra_length);
  word("extra_in_use", c.extra_in_use);
  word("extra_created", c.extra_created);
  word("global_queue", c.global_queue);
  return line;
}

}  // namespace jitterbug
