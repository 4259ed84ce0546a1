#include "harness/sim/pollers.h"

#include <algorithm>

#include "harness/sim/sanitizer.h"

namespace jitterbug {

void Pollers::reset() { count_ = 0; }

Pollers::Id Pollers::open() {
  if (count_ == all_.size()) all_.emplace_back();
  Poller& p = all_[count_++];
  p.open = true;
  p.broken = false;
  p.registrations.clear();
  p.ready.clear();
  return count_;
}

Pollers::Registration* Pollers::find(Poller& p, rt::Descriptor fd) {
  auto found =
      std::find_if(p.registrations.begin(), p.registrations.end(), [fd](const Registration& r) { return r.fd == fd; });
  return found == p.registrations.end() ? nullptr : &*found;
}

bool Pollers::add(Id p, rt::Descriptor fd, void* token) {
  if (find(poller(p), fd) != nullptr) return false;
  poller(p).registrations.push_back({fd, token, false, false});
  system_releases(this);
  return true;
}

bool Pollers::remove(Id p, rt::Descriptor fd) {
  std::erase(poller(p).ready, fd);
  return std::erase_if(poller(p).registrations, [fd](const Registration& r) { return r.fd == fd; }) != 0;
}

void Pollers::remove_everywhere(rt::Descriptor fd) {
  for (Id p = 1; p <= count_; ++p) remove(p, fd);
}

bool Pollers::signal(Id p, rt::Descriptor fd, bool readable, bool writable) {
  if (!readable && !writable) return false;
  Registration* r = find(poller(p), fd);
  if (r == nullptr) return false;
  if (!r->readable && !r->writable) poller(p).ready.push_back(fd);
  r->readable |= readable;
  r->writable |= writable;
  return true;
}

int Pollers::collect(Id id, rt::PollEvent* events, int capacity) {
  if (capacity <= 0) return 0;
  Poller& p = poller(id);
  int count = 0;
  if (p.broken) events[count++] = {nullptr, true, false};
  std::size_t taken = 0;
  while (count < capacity && taken < p.ready.size()) {
    Registration* r = find(p, p.ready[taken++]);
    events[count++] = {r->token, r->readable, r->writable};
    r->readable = false;
    r->writable = false;
  }
  p.ready.erase(p.ready.begin(), p.ready.begin() + static_cast<std::ptrdiff_t>(taken));
  if (taken != 0) system_acquires(this);  // pairs with add(): the token
  return count;
}

}  // namespace jitterbug
