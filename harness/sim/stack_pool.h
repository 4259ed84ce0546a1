#pragma once
// Stacks for virtual threads and for the program's own use, each above a guard
// page. Released stacks are kept for the next taker: mapping memory costs a
// hundred times as much as a short run.
//
// Under AddressSanitizer the memory of a kept stack is poisoned. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

class StackPool {
 public:
  StackPool() = default;
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  // A stack of `size` bytes. Aborts when the system has no memory left.
  rt::Stack take(std::size_t size);

  // taken: from this pool or by map(), and not given back. kept: given back to this pool.
  // unknown: never handed out.
  enum class State : std::uint8_t { taken, kept, unknown };
  State state(rt::Stack s) const;

  // Takes a stack back, of any pool or of map(). No thread may stand on it.
  static void give_back(rt::Stack s);

  // Under AddressSanitizer nobody may touch it until a fiber is prepared on it.
  static void forbid(rt::Stack s);

  // Takes back everything that is still out.
  void give_back_all();

  // A stack that belongs to no pool: give_back() unmaps it.
  static rt::Stack map(std::size_t size);

  std::size_t taken() const { return taken_.size(); }

 private:
  struct Shelf {
    std::size_t size;
    std::vector<rt::Stack> kept;
  };

  Shelf& shelf(std::size_t size);
  void put_away(rt::Stack s);

  std::vector<Shelf> shelves_;  // few sizes are in use
  std::vector<rt::Stack> taken_;
  static std::vector<rt::Stack> singles_;  // taken by map()
};

}  // namespace jitterbug
