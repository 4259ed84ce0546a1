// The state of the scheduler for observers.

#include <algorithm>
#include <cstdio>

#include "runtime/sched/sched.h"

namespace rt {

void Sched::counters(Counters& out) const {
  out.procs = options_.procs;
  out.nmspinning = spinners_.count_now();
  out.needspinning = static_cast<std::int32_t>(spinners_.requested_now());
  out.npidle = idle_ps_.count_now();
  out.nmidle = ms_.idle();
  out.nmidlelocked = ms_.idle_locked();
  out.nmsys = ms_.system();
  out.mcount = ms_.count();
  out.extra_length = extra_ms_.length_now();
  out.extra_in_use = extra_ms_.in_use_now();
  out.extra_waiters = static_cast<std::int32_t>(extra_ms_.waiters_now());
  out.extra_created = extra_ms_.created();
  out.global_queue = global_queue_.size_now();
  out.poll_waiters = netpoll_.waiters_now();
  out.lock_free = lock_.seems_free() && gs_.lock_seems_free();
  out.stopping = stopping_.peek();
  out.started = started_.get();
  out.spinner_requests = spinners_.requests();
  out.spinner_answers = spinners_.answers();
  out.searches = 0;
  for (M* mp = ms_.all_now(); mp != nullptr; mp = mp->all_link)
    out.searches += mp->searches.get();
}

namespace {

PView view_of(const P& pp) {
  PView v;
  v.id = pp.id;
  v.status = pp.status.peek();
  const M* mp = pp.m.peek();
  v.m = mp != nullptr ? mp->id.get() : -1;
  v.queued = pp.queue.size();
  v.on_idle_list = pp.on_idle_list.get();
  return v;
}

MView view_of(const M& mp) {
  MView v;
  v.id = mp.id.get();
  const P* pp = mp.p.get();
  v.p = pp != nullptr ? pp->id : -1;
  const G* gp = mp.curg.peek();
  v.g = gp != nullptr ? gp->id : -1;
  v.spinning = mp.spinning.get();
  v.idle = mp.idle.get();
  const bool pinned = mp.locks.get() != 0 || mp.on_g0.get();
  const GStatus status = gp != nullptr ? gp->status.peek() : GStatus::idle;
  v.in_user_code = (status == GStatus::running || status == GStatus::syscall) && !pinned;
  // While it is parked, the M's G does not change.
  const bool parked = mp.parked_locked.peek(acquire);  // pairs with stop_locked_m()
  const G* tied = mp.locked_g.get();
  if (parked && tied != nullptr) v.locked_g = tied->id;
  return v;
}

GView view_of(const G& gp) {
  GView v;
  v.id = gp.id;
  v.status = gp.status.peek();
  const M* mp = gp.m.peek();
  v.m = mp != nullptr ? mp->id.get() : -1;
  v.system = gp.system.get();
  return v;
}

}  // namespace

void Sched::snapshot(Snapshot& out) const {
  counters(out.counters);
  out.ps.clear();
  out.ms.clear();
  out.gs.clear();
  for (const auto& pp : ps_) out.ps.push_back(view_of(*pp));
  for (M* mp = ms_.all_now(); mp != nullptr; mp = mp->all_link)
    out.ms.push_back(view_of(*mp));
  gs_.for_each([&](const G& g) { out.gs.push_back(view_of(g)); });
}

std::size_t Sched::trace_line(char* to, std::size_t size) const {
  Counters c;
  counters(c);
  std::size_t used = 0;
  const auto add = [&](const char* format, auto... values) {
    if (used + 1 >= size) return;
    const int n = std::snprintf(to + used, size - used, format, values...);
    used = std::min(used + static_cast<std::size_t>(n > 0 ? n : 0), size - 1);
  };
  add("SCHED gomaxprocs=%d idleprocs=%d threads=%d spinningthreads=%d needspinning=%d idlethreads=%d", c.procs,
      c.npidle, c.mcount, c.nmspinning, c.needspinning, c.nmidle);
  add(" lockedthreads=%d systhreads=%d extra=%d+%d waiters=%d pollwaiters=%d runqueue=%d [", c.nmidlelocked, c.nmsys,
      c.extra_length, c.extra_in_use, c.extra_waiters, c.poll_waiters, c.global_queue);
  for (const auto& pp : ps_) add("%s%d", pp->id == 0 ? "" : " ", pp->queue.size());
  add("]%s", "");
  return used;
}

}  // namespace rt
