#pragma once
// The network poller: Gs that wait for a descriptor, and the one thread at a time
// that may block until one of them is ready.
//
// Each direction of a descriptor has a word:
//
//   none   nobody waits, nothing happened
//   ready  an event came and nobody has consumed it
//   wait   a G is about to park
//   G*     a G is parked
//
//   from   to     by                                            order
//   none   wait   the G that wants to wait                      acq_rel
//   wait   G*     its park's commit                             acq_rel
//   wait   ready  the poller: the park is taken back            acq_rel
//   G*     ready  the poller, which then readies the G          acq_rel
//   none   ready  the poller                                    acq_rel
//   ready  none   the G, consuming the event                    acq_rel
//
// Events are edge-triggered: one that is overwritten never comes again, which is
// why every transition is a CAS or an exchange.
//
// Descriptions are type-stable: their memory is kept until the poller dies, so a
// late event for a closed descriptor wakes at most the wrong waiter, who looks again.

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/goroutine/g.h"
#include "runtime/os/os.h"
#include "runtime/sync/lock.h"

namespace rt {

enum class Direction : std::uint8_t { in, out };

struct PollDesc {
  os::Atomic<std::uintptr_t> in{0};
  os::Atomic<std::uintptr_t> out{0};
  os::Atomic<std::uintptr_t>& word(Direction d) { return d == Direction::in ? in : out; }
  // Its words are called by the descriptor that they are of now.
  void serve(Descriptor fd) {
    in.name({"fd#.in", fd});
    out.name({"fd#.out", fd});
  }
  PollDesc* link = nullptr;  // free list
};

class Netpoll {
 public:
  Netpoll();
  ~Netpoll();

  // Thread-safe. Null: the system refuses.
  PollDesc* open(Descriptor fd);
  void close(PollDesc* pd, Descriptor fd);  // nobody is in wait()

  // On a G, after an operation would have blocked: returns when an event has come
  // since the last wait(). It may be an old one; try again, and wait again.
  void wait(PollDesc* pd, Direction d);

  // Waits up to `timeout` for events and collects the Gs they ready; their status
  // is still waiting. Any thread; with a time-out other than 0, one at a time.
  GQueue poll(Duration timeout);

  // Makes a poll that blocks, now or next, return. Coalesced; any thread.
  void wake();

  // Gs parked here or about to.
  std::int32_t waiters() const { return waiters_.load(seq_cst); }     // pairs with commit()
  std::int32_t waiters_now() const { return waiters_.peek(); }

 private:
  friend struct PollCommit;
  static constexpr std::uintptr_t none = 0;
  static constexpr std::uintptr_t ready = 1;
  static constexpr std::uintptr_t waiting = 2;

  G* deliver(os::Atomic<std::uintptr_t>& word);

  os::Poller poller_;
  os::Atomic<std::uint32_t> wake_pending_{0, "netpoll.wake_pending"};
  os::Atomic<std::int32_t> waiters_{0, "netpoll.waiters"};
  Lock lock_{"netpoll.lock"};
  PollDesc* free_ = nullptr;                         // guarded by lock_
  std::vector<std::unique_ptr<PollDesc>> all_;       // guarded by lock_
};

}  // namespace rt
