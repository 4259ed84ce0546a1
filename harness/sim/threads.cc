#include "harness/sim/threads.h"

#include <algorithm>
#include <cstring>

namespace jitterbug {

void Threads::reset() {
  count_ = 0;
  live_.clear();
  candidate_count_ = 0;
  runnable_ = 0;
  relaxing_ = 0;
  left_out_ = 0;
  tickets_ = 0;
  only_spinners_ = false;
  stale_ = true;
}

VirtualThread& Threads::add(std::string_view role) {
  if (count_ == all_.size()) all_.push_back(std::make_unique<VirtualThread>());
  VirtualThread& t = *all_[count_];
  const std::size_t length = std::min(role.size(), role_length_max);
  std::memcpy(t.role_text, role.data(), length);
  t.role = {t.role_text, length};
  t.id = count_++;
  t.wait = Wait::nothing;
  t.relaxing = false;
  t.timed_out = false;
  t.waits_on = 0;
  t.ticket = 0;
  t.steps_since_relax = ~std::uint64_t{0} / 2;
  t.announced = Op{rt::engine::OpKind::thread_start};
  t.last_window = rt::Window::count;
  t.slot = nullptr;
  live_.push_back(&t);
  ++runnable_;
  stale_ = true;
  return t;
}

void Threads::end(VirtualThread& t) {
  begin_wait(t, Wait::ended, 0);
  live_.erase(std::find(live_.begin(), live_.end(), &t));
}

void Threads::begin_wait(VirtualThread& t, Wait why, std::uint32_t object) {
  raise(t);
  t.wait = why;
  t.waits_on = object;
  t.ticket = ++tickets_;
  t.timed_out = false;
  --runnable_;
  stale_ = true;
}

void Threads::end_wait(VirtualThread& t) {
  t.wait = Wait::nothing;
  ++runnable_;
  stale_ = true;
}

std::span<VirtualThread* const> Threads::waiters(Wait why, std::uint32_t object) {
  found_.clear();
  for (VirtualThread* t : live_) {
    if (t->wait != why || t->waits_on != object) continue;
    auto place = found_.end();
    while (place != found_.begin() && (*(place - 1))->ticket > t->ticket) --place;
    found_.insert(place, t);
  }
  return found_;
}

void Threads::raise_all_but(const VirtualThread& mover) {
  for (VirtualThread* t : live_) {
    if (t != &mover) raise(*t);
  }
}

bool Threads::everyone_spins(std::uint64_t within) const {
  return std::all_of(live_.begin(), live_.end(),
                     [within](const VirtualThread* t) { return !t->can_run() || t->steps_since_relax < within; });
}

ThreadId Threads::next_spinner(ThreadId after) const {
  ThreadId first = rt::engine::no_thread;
  for (const VirtualThread* t : live_) {
    if (!t->can_run() || !t->relaxing) continue;
    if (t->id > after) return t->id;
    if (first == rt::engine::no_thread) first = t->id;
  }
  return first;
}

void Threads::collect_candidates() {
  candidate_count_ = 0;
  if (candidates_.size() < live_.size()) candidates_.resize(2 * live_.size());
  only_spinners_ = relaxing_ == runnable_;
  left_out_ = only_spinners_ ? 0 : relaxing_;
  for (VirtualThread* t : live_) {
    if (!t->can_run() || (t->relaxing && !only_spinners_)) continue;
    t->place = static_cast<std::uint32_t>(candidate_count_++);
    // Member by member: a temporary would be written in small pieces and read in
    // large ones, which the processor has to wait for.
    Candidate& c = candidates_[t->place];
    c.thread = t->id;
    c.op = t->announced;
  }
  stale_ = false;
}

}  // namespace jitterbug
