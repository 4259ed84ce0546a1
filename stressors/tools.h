#pragma once
// What several stressors do: wait so that the ledger sees it, compute, meet.

#include <cstdint>

#include "harness/scene/scene.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace jitterbug {

using rt::acq_rel;
using rt::acquire;
using rt::relaxed;
using rt::release;
using rt::seq_cst;

// Runs a suspension of the calling G that somebody is going to end.
template <class Suspend>
void waiting(Scene& scene, Suspend suspend) {
  scene.ledger.waits_begun.fetch_add(1);
  suspend();
  scene.ledger.waits_ended.fetch_add(1);
  scene.ledger.progress.fetch_add(1);
}

// Keeps the processor for a while and reaches no scheduling point.
inline void compute(std::uint32_t pauses) {
  for (std::uint32_t i = 0; i < pauses; ++i) rt::os::relax();
}

// Lets the calling G sleep until done() holds, first briefly, then longer, so that
// its timer is no load on a machine where a few steps take as long as a nap.
template <class Done>
void nap_until(rt::Duration first, Done done) {
  constexpr rt::Duration longest = 5 * rt::millisecond;
  rt::Duration nap = first;
  while (!done()) {
    rt::sleep(nap);
    nap = nap < longest / 2 ? 2 * nap : longest;
  }
}

// A place where Gs meet without giving up their Ps: it takes as many running Ms
// as there are members. Thread-safe; used again for round after round.
class Meeting {
 public:
  explicit Meeting(int members) : members_(members) {}

  // Returns when all members have come for the round-th time, rounds counting from 0.
  void attend(int round) {
    here_.fetch_add(1, acq_rel);
    const int all = (round + 1) * members_;
    while (here_.load(acquire) < all) rt::os::relax();
  }

 private:
  const int members_;
  rt::os::Atomic<int> here_{0, "meeting.here"};
};

// One G that waits until a number of others have finished a round.
class Finish {
 public:
  explicit Finish(int members) : members_(members), left_(members, "finish.left") {}

  // By each member, once per round. The last one starts the next round's count
  // before it lets the waiter go.
  void arrive() {
    const int left = left_.fetch_sub(1, acq_rel);
    if (left != 1) return;
    left_.store(members_, release);
    gate_.ready();
  }
  void wait(Scene& scene) {
    waiting(scene, [this] { gate_.park(); });
  }

 private:
  const int members_;
  rt::os::Atomic<int> left_;
  rt::Parker gate_;
};

}  // namespace jitterbug
