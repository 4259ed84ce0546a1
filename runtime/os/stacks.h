#pragma once
// Stacks of Gs, on the machine itself.
//
// A slab is one mapping with slots for 64 stacks of one size, or for up to 1 024 where
// there are many. Each is above a guard page:
//
//   | guard | stack 0 | guard | stack 1 | guard | stack 2 | ...
//
// The kernel limits the number of mappings of a process (vm.max_map_count, 65 530 by
// default). Slabs keep the number of stacks independent of it, if guards need no
// mappings of their own. The first slab finds out which kind of guard the kernel has:
//
//   region    Linux 6.13 marks pages inside of a mapping (MADV_GUARD_INSTALL). A G that
//             overflows its stack ends the process by SIGSEGV, si_code SEGV_MAPERR.
//   mapping   An older kernel has mprotect(). It makes the guard page a mapping, and
//             the stack above it another one. SIGSEGV, si_code SEGV_ACCERR.
//   none      On an older kernel, guards may add half of the mappings that a process may
//             have: with the default, they protect 16 000 stacks. Stacks beyond that have
//             no guards, or nothing would be left for threads and malloc. What is lost:
//             a G that overflows such a stack goes on and overwrites the stack below it.
//
// allocate() touches no memory of the stack: a stack takes the pages that its frames
// reach. release() gives the pages of all its stacks back to the system (MADV_DONTNEED,
// which leaves guards in place), with one call for stacks side by side. After that
// others may take them.
//
// A slab without a stack in use is kept or unmapped: up to 64 MiB of addresses are kept.
// A slab with one stack in use keeps its addresses, and its page tables: 130 bytes for
// each stack of 64 KiB. It keeps no memory of the other stacks, so fragmentation is
// cheap, and the choice of a slot matters little: allocate() prefers a slab in use.
//
// Rejected: slabs aligned to their size, found by masking addresses (a Stack carries a
// pointer instead). A cache of slots per thread: the lock is held for a few instructions,
// and the scheduler keeps idle stacks itself.
//
// Thread-safe. System calls are made without the lock. Two threads that find no slot
// make a slab each.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

#include "runtime/os/vocabulary.h"

namespace rt::os_production {

class Stacks {
 public:
  enum class Guard : std::uint8_t { region, mapping, none };

  // `best`: the kind of guard that is tried first. `mappings_max`: how many mappings
  // guards may add; -1: half of what the kernel allows the process.
  constexpr explicit Stacks(Guard best = Guard::region, std::int64_t mappings_max = -1)
      : best_(best), mappings_left_(mappings_max) {}
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  // Never destroyed: stacks may be released until the process ends.

  // low is null when there is no memory.
  Stack allocate(std::size_t size) noexcept;
  // Nobody stands on the stacks. Changes their order.
  void release(std::span<Stack> stacks) noexcept;

 private:
  struct Slab;
  // Slabs for stacks of one size that have a free slot.
  struct Shelf {
    std::size_t stack_size = 0;
    std::size_t slots = 0;  // of all its slabs, those without a free slot included
    Slab* first = nullptr;
    Slab* last = nullptr;
    Shelf* next = nullptr;
  };

  Slab* make_slab(Shelf* shelf, std::size_t slots) noexcept;
  bool install_guards(Slab& slab) noexcept;
  static int mark_regions(const Slab& slab) noexcept;
  void protect_pages(Slab& slab) noexcept;
  void unmap(Slab* slab) noexcept;

  // lock_ held.
  Shelf* shelf_for(std::size_t stack_size) noexcept;
  Stack take(Shelf& shelf) noexcept;
  Slab* put_back(const Stack& stack) noexcept;

  std::atomic<Guard> best_;
  std::mutex lock_;
  Shelf* shelves_ = nullptr;    // guarded by lock_; few sizes are in use
  std::size_t spare_bytes_ = 0;  // guarded by lock_: of slabs without a stack in use
  std::int64_t mappings_left_;   // guarded by lock_: for guards; -1: not known yet
};

}  // namespace rt::os_production
