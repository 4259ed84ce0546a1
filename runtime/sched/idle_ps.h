#pragma once
// The list of idle Ps.
//
// A mask says the same of each P to thieves, who take no lock and skip the Ps that are
// idle. A P that may have work never looks idle: it leaves the mask before the list.

#include <cstdint>

#include "runtime/base/limits.h"
#include "runtime/os/os.h"
#include "runtime/sched/held.h"
#include "runtime/sched/p.h"

namespace rt {

class IdlePs {
 public:
  IdlePs();

  void put(Held, P* pp);
  P* get(Held);  // the last that was put; null: none

  // Unlocked looks; stale at once, and followed by a second look under the lock.
  std::int32_t count() const { return count_.load(seq_cst); }  // stale is fine: as said
  bool seems_empty() const;
  bool is_idle(const P* pp) const;

  std::int32_t count_now() const { return count_.peek(); }

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
  Word mask_[words];
};

}  // namespace rt
