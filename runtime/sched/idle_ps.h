#pragma once
// The list of idle Ps, and the request for a spinner.
//
// needspinning is the memory of a failed wish: somebody had work, found no idle P
// to start a thread on, and cannot wait for one. The next M that is about to idle
// its P turns spinning instead. Both sides act under the scheduler lock:
//
//   requester                            M about to idle its P
//   (R1) list empty                      (I1) needspinning set?  become spinning
//   (R2) needspinning = 1                (I2) otherwise put the P on the list
//
// so either the requester finds the P that (I2) put, or (I1) finds the request.
// Rejected: looking at the number of idle Ps without the lock before asking (the
// P may go idle right after the look), and testing the request before taking it.

#include <cstdint>

#include "runtime/base/limits.h"
#include "runtime/os/statistic.h"
#include "runtime/sched/held.h"
#include "runtime/sched/p.h"

namespace rt {

class IdlePs {
 public:
  IdlePs();

  void put(Held, P* pp);
  P* get(Held);              // null: none
  P* get_for_spinner(Held);  // null: none, and needspinning is set

  bool spinner_needed(Held) const;
  void request_spinner(Held);
  void clear_request();

  // Unlocked looks; stale at once, and followed by a second look under the lock.
  std::int32_t count() const { return count_.load(seq_cst); }  // stale is fine: as said
  bool seems_empty() const;
  bool is_idle(const P* pp) const;

  std::int32_t count_now() const { return count_.peek(); }
  std::uint32_t needed_now() const { return needspinning_.peek(); }
  std::uint64_t requests() const { return requests_.get(); }

 private:
  static constexpr int bits = 32;
  static constexpr int words = (limits::procs_max + bits - 1) / bits;
  struct Word {
    os::Atomic<std::uint32_t> bits{0};
  };

  void set_mask(const P* pp);
  void clear_mask(const P* pp);

  os::Atomic<P*> head_{nullptr, "idle_ps.head"};
  os::Atomic<std::int32_t> count_{0, "npidle"};
  os::Atomic<std::uint32_t> needspinning_{0, "needspinning"};
  Word mask_[words];
  Statistic<std::uint64_t> requests_{0};
};

}  // namespace rt
