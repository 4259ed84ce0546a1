#include "runtime/os/stacks.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <new>
#include <utility>

#include "runtime/os/production.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define RT_ASAN 1
#endif

#ifdef RT_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace rt::os_production {
namespace {

using Slots = std::uint64_t;  // one bit per slot of a slab
constexpr std::size_t slots_max = 64;
constexpr std::size_t slab_bytes_max = std::size_t{8} << 20;  // of slabs for several stacks
constexpr std::size_t spare_bytes_max = std::size_t{64} << 20;

constexpr int install_guard = 102;  // MADV_GUARD_INSTALL: unknown to older headers

std::size_t page_size() {
  static const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

constexpr Slots first_slots(std::size_t n) { return n == slots_max ? ~Slots{0} : (Slots{1} << n) - 1; }

std::int64_t mappings_of_a_process() {
  long most = 65'530;
  if (std::FILE* file = std::fopen("/proc/sys/vm/max_map_count", "re")) {
    if (std::fscanf(file, "%ld", &most) != 1) most = 0;
    std::fclose(file);
  }
  return most;
}

void forbid([[maybe_unused]] Stack s) {
#ifdef RT_ASAN
  __asan_poison_memory_region(s.low, s.size);
#endif
}

void permit([[maybe_unused]] const std::byte* low, [[maybe_unused]] std::size_t size) {
#ifdef RT_ASAN
  __asan_unpoison_memory_region(low, size);
#endif
}

}  // namespace

struct Stacks::Slab {
  Shelf* shelf;
  std::byte* base;     // the lowest guard page
  std::size_t stride;  // a stack and its guard page
  std::size_t slots;
  Slots free;
  Slab* before = nullptr;  // on the shelf
  Slab* after = nullptr;
  std::int64_t guard_mappings = 0;

  std::size_t bytes() const { return slots * stride; }
  bool unused() const { return free == first_slots(slots); }
  std::byte* guard_page(std::size_t slot) const { return base + slot * stride; }
  std::size_t slot_of(const Stack& s) const { return static_cast<std::size_t>(s.low - base) / stride; }

  void put_first() {
    before = nullptr;
    after = shelf->first;
    (after != nullptr ? after->before : shelf->last) = this;
    shelf->first = this;
  }
  void put_last() {
    after = nullptr;
    before = shelf->last;
    (before != nullptr ? before->after : shelf->first) = this;
    shelf->last = this;
  }
  void take_down() {
    (before != nullptr ? before->after : shelf->first) = after;
    (after != nullptr ? after->before : shelf->last) = before;
  }
};

Stack Stacks::allocate(std::size_t size) noexcept {
  const std::size_t page = page_size();
  if (size > static_cast<std::size_t>(PTRDIFF_MAX) / 2) return {};
  const std::size_t stack_size = std::max((size + page - 1) / page, std::size_t{1}) * page;
  Shelf* shelf = nullptr;
  Stack stack;
  {
    const std::lock_guard held(lock_);
    shelf = shelf_for(stack_size);
    if (shelf == nullptr) return {};
    stack = take(*shelf);
  }
  if (stack.low == nullptr) {
    Slab* slab = make_slab(shelf);
    const std::lock_guard held(lock_);
    if (slab != nullptr) {
      spare_bytes_ += slab->bytes();
      slab->put_last();
    }
    stack = take(*shelf);  // without a new slab, what others have released meanwhile
  }
  permit(stack.low, stack.size);
  return stack;
}

void Stacks::release(std::span<Stack> stacks) noexcept {
  std::sort(stacks.begin(), stacks.end(), [](const Stack& a, const Stack& b) { return a.low < b.low; });
  for (auto first = stacks.begin(); first != stacks.end();) {
    auto last = first;
    const auto lies_side_by_side = [&](auto next) {
      return next != stacks.end() && next->home == first->home && next->low == last->high() + page_size();
    };
    while (lies_side_by_side(last + 1)) ++last;
    madvise(first->low, static_cast<std::size_t>(last->high() - first->low), MADV_DONTNEED);
    for (; first <= last; ++first) forbid(*first);
  }
  Slab* surplus = nullptr;
  {
    const std::lock_guard held(lock_);
    for (const Stack& stack : stacks) {
      if (Slab* slab = put_back(stack)) {
        slab->after = surplus;
        surplus = slab;
      }
    }
  }
  while (surplus != nullptr) unmap(std::exchange(surplus, surplus->after));
}

// ---- Slots ----------------------------------------------------------------------

Stacks::Shelf* Stacks::shelf_for(std::size_t stack_size) noexcept {
  for (Shelf* shelf = shelves_; shelf != nullptr; shelf = shelf->next) {
    if (shelf->stack_size == stack_size) return shelf;
  }
  auto* shelf = new (std::nothrow) Shelf{.stack_size = stack_size, .next = shelves_};
  if (shelf != nullptr) shelves_ = shelf;
  return shelf;
}

Stack Stacks::take(Shelf& shelf) noexcept {
  Slab* slab = shelf.first;
  if (slab == nullptr) return {};
  if (slab->unused()) spare_bytes_ -= slab->bytes();
  const auto slot = static_cast<std::size_t>(std::countr_zero(slab->free));
  slab->free &= slab->free - 1;
  if (slab->free == 0) slab->take_down();
  return {.low = slab->guard_page(slot) + page_size(), .size = shelf.stack_size, .home = slab};
}

// The slab that is to be unmapped because of this, or null.
Stacks::Slab* Stacks::put_back(const Stack& stack) noexcept {
  auto* slab = static_cast<Slab*>(stack.home);
  const Slots slot = Slots{1} << slab->slot_of(stack);
  if ((slab->free & slot) != 0) fatal(Fatal::broken_invariant, "stacks: a stack that is released was in use");
  if (slab->free == 0) slab->put_first();
  slab->free |= slot;
  if (!slab->unused()) return nullptr;
  slab->take_down();
  if (spare_bytes_ + slab->bytes() > spare_bytes_max) return slab;
  spare_bytes_ += slab->bytes();
  slab->put_last();
  return nullptr;
}

// ---- Slabs ----------------------------------------------------------------------

// Null: no memory. When there is none for many stacks, there may be for fewer.
Stacks::Slab* Stacks::make_slab(Shelf* shelf) noexcept {
  const std::size_t stride = shelf->stack_size + page_size();
  std::size_t slots = std::clamp(slab_bytes_max / stride, std::size_t{1}, slots_max);
  void* memory = MAP_FAILED;
  for (; slots > 0 && memory == MAP_FAILED; slots /= 2) {
    memory = mmap(nullptr, slots * stride, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory != MAP_FAILED) break;
  }
  if (memory == MAP_FAILED) return nullptr;
  // A huge page would hold the memory of 30 stacks from the first access to one of them.
  madvise(memory, slots * stride, MADV_NOHUGEPAGE);
  auto* slab = new (std::nothrow) Slab{.shelf = shelf,
                                       .base = static_cast<std::byte*>(memory),
                                       .stride = stride,
                                       .slots = slots,
                                       .free = first_slots(slots)};
  if (slab != nullptr && install_guards(*slab)) return slab;
  munmap(memory, slots * stride);
  delete slab;
  return nullptr;
}

// False: no memory for it.
bool Stacks::install_guards(Slab& slab) noexcept {
  Guard best = best_.load(std::memory_order_relaxed);  // stale is fine: the kernel answers the same again
  if (best == Guard::region) {
    const int error = mark_regions(slab);
    if (error == 0) return true;
    if (error == ENOMEM) return false;
    best = Guard::mapping;
    best_.store(best, std::memory_order_relaxed);  // stale is fine: the kernel answers the same again
  }
  if (best == Guard::mapping) protect_pages(slab);
  return true;
}

int Stacks::mark_regions(const Slab& slab) noexcept {
  for (std::size_t i = 0; i < slab.slots; ++i) {
    if (madvise(slab.guard_page(i), page_size(), install_guard) != 0) return errno;
  }
  return 0;
}

// As far as mappings are affordable.
void Stacks::protect_pages(Slab& slab) noexcept {
  constexpr std::int64_t per_guard = 2;  // the page's own, and one more for what lay around it
  const auto wanted = static_cast<std::int64_t>(slab.slots) * per_guard;
  {
    const std::lock_guard held(lock_);
    if (mappings_left_ < 0) mappings_left_ = mappings_of_a_process() / 2;
    if (mappings_left_ < wanted) return;
    mappings_left_ -= wanted;
  }
  slab.guard_mappings = wanted;
  for (std::size_t i = 0; i < slab.slots; ++i) {
    if (mprotect(slab.guard_page(i), page_size(), PROT_NONE) != 0) return;
  }
}

// Of a slab that is on no shelf. The kernel may refuse: a hole in a mapping makes two.
void Stacks::unmap(Slab* slab) noexcept {
  permit(slab->base, slab->bytes());
  const bool unmapped = munmap(slab->base, slab->bytes()) == 0;
  {
    const std::lock_guard held(lock_);
    if (unmapped) {
      mappings_left_ += slab->guard_mappings;
    } else {
      spare_bytes_ += slab->bytes();
      slab->put_last();
    }
  }
  if (unmapped) delete slab;
}

// ---- The seam -------------------------------------------------------------------

namespace {
constinit Stacks all_stacks;
}

Stack stack_allocate(std::size_t size) noexcept { return all_stacks.allocate(size); }
void stacks_release(std::span<Stack> stacks) noexcept { all_stacks.release(stacks); }

}  // namespace rt::os_production
