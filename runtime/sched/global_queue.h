#pragma once
// Gs that are on no P's queue: first in, first out, under the scheduler lock. Its size is
// published for those who look without the lock.
//
//   M that takes a batch                    spinner at its second look, without the lock
//   (G1) take the Gs off                    (K1) look at the size; 0?
//   (G2) put all but one on its P's queue   (K2) look at the queues of all Ps
//   (G3) publish the size
//
// The size falls last: the wakes of these Gs may have relied on that spinner, and until (K1)
// sees the size fall, the Gs are where (K2) looks.

#include <cstdint>
#include <utility>

#include "runtime/goroutine/g.h"
#include "runtime/os/os.h"
#include "runtime/sched/held.h"

namespace rt {

struct P;

class GlobalQueue {
 public:
  explicit GlobalQueue(int procs) : procs_(procs) {}

  void put(Held, G* gp) {
    gs_.push_back(gp);
    publish_size();
  }
  void put_all(Held, GQueue gs) {
    gs_.append(std::move(gs));
    publish_size();
  }
  // A G, and the rest of a fair share on the queue of pp, which is empty unless `most` is 1.
  // `most` > 0: no more than that. Null: there is none.
  G* get(Held, P* pp, std::int32_t most);

  bool empty(Held) const { return gs_.empty(); }
  std::int32_t size(Held) const { return size_.load(relaxed); }  // ordered by the scheduler lock
  // Stale at once, but for a spinner's second look.
  std::int32_t published_size() const { return size_.load(seq_cst); }  // (K1) pairs with (G3)

  // For observers.
  std::int32_t size_now() const { return size_.peek(); }

 private:
  void publish_size() { size_.store(gs_.size(), seq_cst); }  // (G3) pairs with (K1)
  std::int32_t share(std::int32_t most) const;

  GQueue gs_;
  os::Atomic<std::int32_t> size_{0, "global_queue.size"};
  const int procs_;
};

}  // namespace rt
