#pragma once
// A P's run queue: a ring that its owner fills and empties at opposite ends and
// thieves empty too, and one slot in front of it, runnext, for a G readied by the
// running one, which shares its time slice.
//
//   owner, put                            owner, get / thief, grab
//   (Q1) read head (acquire)              (Q4) read head (acquire)
//   (Q2) write slot[tail]                 (Q5) thief: read tail (acquire)
//   (Q3) tail += 1 (release)              (Q6) read the slots
//                                         (Q7) CAS head (release): the Gs are taken
//
// Only the owner writes tail; everybody moves head, by CAS. A thief copies first
// and commits afterwards, so a copy that went stale is thrown away. The owner's
// read of head at (Q1) makes sure a slot was read before it is written again.
//
// Rejected: taking the slot first and publishing later (a stalled thief would
// block the owner), and letting others set runnext (the owner may then look at it
// once only).
//
// put(), get(), steal_from()'s left side: the owner only. empty() and being a
// victim: any thread. Lock-free.

#include <cstdint>

#include "runtime/base/limits.h"
#include "runtime/goroutine/g.h"

namespace rt {

class RunQueue {
 public:
  struct Taken {
    G* g = nullptr;
    bool inherits_slice = false;  // it was in runnext
  };

  explicit RunQueue(int p = 0);

  // Adds g at the end, or in runnext, whose G then goes to the end. When the ring
  // is full, returns half of it and the G that did not fit, for the global queue.
  [[nodiscard]] GQueue put(G* g, bool next);

  Taken get();

  // Takes the G in runnext, if any.
  G* take_next();

  // Moves up to half of victim's Gs here and returns one of them; null if there
  // was nothing to take. runnext only if `even_next`; a victim that runs is first
  // given a moment to start that G itself.
  G* steal_from(RunQueue& victim, bool victim_runs, bool even_next);

  // No G at some instant during the call. A G that its owner is moving from runnext
  // to the ring may be missed if a thief empties runnext meanwhile; the owner then
  // looks for a spinner after it has put the G down.
  bool empty() const;

  // For observers.
  int size() const;

 private:
  static constexpr std::uint32_t slots = limits::run_queue_slots;
  struct Slot {
    os::Atomic<G*> g{nullptr};
  };

  // Copies up to half of the ring, or runnext, into `to` from position `at` on, and
  // commits. Returns how many.
  std::uint32_t grab(RunQueue& to, std::uint32_t at, bool runs, bool even_next);
  bool take_half(G* extra, std::uint32_t head, std::uint32_t tail, GQueue& out);
  static void leave_next_to_owner();

  os::Atomic<std::uint32_t> head_;
  os::Atomic<std::uint32_t> tail_;
  os::Atomic<G*> next_;
  Slot slots_[slots];
};

}  // namespace rt
