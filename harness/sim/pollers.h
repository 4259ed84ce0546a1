#pragma once
// Pollers: edge-triggered interest in descriptors, and a break event. They hold what has
// happened and is not reported yet; the machine knows which threads wait. Not thread-safe: part
// of one machine.

#include <cstdint>
#include <vector>

#include "runtime/os/engine.h"

namespace jitterbug {

class Pollers {
 public:
  using Id = rt::engine::PollerId;

  void reset();

  Id open();  // numbers count up from 1
  bool was_open(Id p) const { return p != 0 && p <= count_; }  // in this run; it may be open still
  bool is_open(Id p) const { return was_open(p) && all_[p - 1].open; }

  // The functions below are for pollers that were opened. A closed one goes on for the threads
  // that wait in it.
  void close(Id p) { poller(p).open = false; }

  // False: the descriptor is registered already.
  bool add(Id p, rt::Descriptor fd, void* token);
  // False: it is not registered.
  bool remove(Id p, rt::Descriptor fd);
  void remove_everywhere(rt::Descriptor fd);

  // An edge at fd. Returns false when this poller has no interest in fd.
  bool signal(Id p, rt::Descriptor fd, bool readable, bool writable);
  Id count() const { return count_; }

  // The break event: reported by every collect() until drain().
  void wake(Id p) { poller(p).broken = true; }
  void drain(Id p) { poller(p).broken = false; }

  bool something_to_report(Id p) const { return all_[p - 1].broken || !all_[p - 1].ready.empty(); }
  // Takes events, the oldest first, after the break event. Returns their number.
  int collect(Id p, rt::PollEvent* events, int capacity);

 private:
  struct Registration {
    rt::Descriptor fd;
    void* token;
    bool readable;  // edges not reported yet
    bool writable;
  };
  struct Poller {
    bool open = false;
    bool broken = false;                      // the break event is set
    std::vector<Registration> registrations;  // in order of add()
    std::vector<rt::Descriptor> ready;        // those with edges, the oldest first
  };

  Poller& poller(Id p) { return all_[p - 1]; }
  static Registration* find(Poller& p, rt::Descriptor fd);

  std::vector<Poller> all_;  // the first count_ are of this run
  Id count_ = 0;
};

}  // namespace jitterbug
