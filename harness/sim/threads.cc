#include "harness/sim/threads.h"

#include <algorithm>
#include <cstring>

namespace jitterbug {

void Threads::reset() {
  count_ = 0;
  for (VirtualThread* t : live_) --t->role->live;
  live_.clear();
  candidate_count_ = 0;
  runnable_ = 0;
  relaxing_ = 0;
  waiting_.fill(0);
  tickets_ = 0;
  stale_ = false;
}

VirtualThread& Threads::add(std::string_view role, rt::Site started_at) {
  if (count_ == all_.size()) all_.push_back(std::make_unique<VirtualThread>());
  VirtualThread& t = *all_[count_];
  role = role.substr(0, role_length_max);
  if (t.role == nullptr || t.role->name() != role) t.role = &role_named(role);
  ++t.role->live;
  t.id = count_++;
  t.wait = Wait::nothing;
  t.relaxing = false;
  t.timed_out = false;
  t.waits_on = 0;
  t.ticket = 0;
  t.steps_since_relax = ~std::uint64_t{0} / 2;
  t.started_at = started_at;
  const Op start{.kind = rt::engine::OpKind::thread_start, .site = started_at};
  t.announced = start;
  t.last_window = rt::Window::count;
  t.slot = nullptr;
  t.waited = false;
  t.place = no_place;
  t.joined = false;
  t.joiner = nullptr;
  live_.push_back(&t);
  ++runnable_;
  insert_candidate(t, start);
  return t;
}

void Threads::end(VirtualThread& t) {
  begin_wait(t, Wait::ended, 0);
  --t.role->live;
  auto place = live_.end();
  while (*--place != &t) {  // most threads that end are young
  }
  live_.erase(place);
}

Role* Threads::find_role(std::string_view name) const {
  const auto is_it = [name](const std::unique_ptr<Role>& role) { return role->name() == name; };
  const auto found = std::find_if(roles_.begin(), roles_.end(), is_it);
  return found == roles_.end() ? nullptr : found->get();
}

Role& Threads::role_named(std::string_view name) {
  if (Role* known = find_role(name)) return *known;
  Role& role = *roles_.emplace_back(std::make_unique<Role>());
  std::memcpy(role.text, name.data(), name.size());
  role.length = name.size();
  return role;
}

int Threads::live_in(std::string_view name) const {
  const Role* role = find_role(name.substr(0, role_length_max));
  return role == nullptr ? 0 : role->live;
}

void Threads::precede_caller() {
  for (ThreadId id = 0; id < count_; ++id) all_[id]->fiber.precede_caller();
}

std::span<VirtualThread* const> Threads::waiters(Wait why, std::uint32_t object) {
  found_.clear();
  if (waiting(why) == 0) return found_;
  for (VirtualThread* t : live_) {
    if (t->wait == why && t->waits_on == object) found_.push_back(t);
  }
  const auto earlier = [](const VirtualThread* a, const VirtualThread* b) { return a->ticket < b->ticket; };
  if (found_.size() > 1) std::sort(found_.begin(), found_.end(), earlier);
  return found_;
}

void Threads::raise_all_but(const VirtualThread* mover) {
  for (VirtualThread* t : live_) {
    if (t != mover) raise(*t);
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
  const bool all = only_spinners();
  for (VirtualThread* t : live_) {
    t->place = no_place;
    if (t->can_run() && (all || !t->relaxing)) put_candidate(*t, t->announced, candidate_count_++);
  }
  stale_ = false;
}

}  // namespace jitterbug
