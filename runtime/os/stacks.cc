#include "runtime/os/stacks.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

// The first slabs are small, and others an eighth of all that are there: a program with
// few stacks maps little, and one with many asks the system seldom.
constexpr std::size_t slots_max = 1'024;
constexpr std::size_t first_slots = 64;
constexpr std::size_t first_bytes = std::size_t{8} << 20;
constexpr std::size_t slab_bytes_max = std::size_t{64} << 20;
constexpr std::size_t spare_bytes_max = slab_bytes_max;

// Unknown to older headers.
constexpr int install_guard = 102;    // MADV_GUARD_INSTALL
constexpr int this_process = -10'000;  // PIDFD_SELF

std::size_t page_size() {
  static const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

// Null: no memory.
void* map(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK,
                      -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

// 0 or why not. Linux 6.15 takes all pages in one call.
int mark_all(std::span<const iovec> pages) {
  const long marked = syscall(SYS_process_madvise, this_process, pages.data(), pages.size(), install_guard, 0);
  if (marked == static_cast<long>(pages.size() * page_size())) return 0;
  for (const iovec& page : pages) {
    if (madvise(page.iov_base, page.iov_len, install_guard) != 0) return errno;
  }
  return 0;
}

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

// Of a slab with stacks of this size, when its shelf has so many already.
std::size_t slots_of_a_slab(std::size_t stride, std::size_t there_are) {
  const std::size_t first = std::clamp(first_bytes / stride, std::size_t{1}, first_slots);
  const std::size_t most = std::clamp(slab_bytes_max / stride, std::size_t{1}, slots_max);
  return std::clamp(there_are / 8, first, most);
}

}  // namespace

struct Stacks::Slab {
  Slab(Shelf* of, std::byte* at, std::size_t n) : shelf(of), base(at), slots(n) {
    for (std::size_t slot = 0; slot < n; ++slot) put(slot);
  }

  Shelf* const shelf;
  std::byte* const base;  // the lowest guard page
  const std::size_t slots;
  std::size_t free_slots = 0;
  std::uint64_t free[slots_max / 64] = {};  // a bit for each slot
  Slab* before = nullptr;                   // on the shelf
  Slab* after = nullptr;
  std::int64_t guard_mappings = 0;

  std::size_t stride() const { return shelf->stack_size + page_size(); }  // a stack and its guard page
  std::size_t bytes() const { return slots * stride(); }
  bool unused() const { return free_slots == slots; }
  std::byte* guard_page(std::size_t slot) const { return base + slot * stride(); }
  std::size_t slot_of(const Stack& s) const { return static_cast<std::size_t>(s.low - base) / stride(); }

  // The lowest of the free slots, of which there are some.
  std::size_t take() {
    std::uint64_t* word = std::find_if(free, std::end(free), [](std::uint64_t bits) { return bits != 0; });
    const auto slot = static_cast<std::size_t>(word - free) * 64 + static_cast<std::size_t>(std::countr_zero(*word));
    *word &= *word - 1;
    --free_slots;
    return slot;
  }
  // False: the slot is free already.
  bool put(std::size_t slot) {
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    if ((free[slot / 64] & bit) != 0) return false;
    free[slot / 64] |= bit;
    ++free_slots;
    return true;
  }

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
  std::size_t slots = 0;
  {
    const std::lock_guard held(lock_);
    shelf = shelf_for(stack_size);
    if (shelf == nullptr) return {};
    stack = take(*shelf);
    slots = slots_of_a_slab(stack_size + page, shelf->slots);
  }
  if (stack.low == nullptr) {
    Slab* slab = make_slab(shelf, slots);
    const std::lock_guard held(lock_);
    if (slab != nullptr) {
      shelf->slots += slab->slots;
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
    while (last + 1 != stacks.end() && last[1].low == last->high() + page_size()) ++last;
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
  const std::size_t slot = slab->take();
  if (slab->free_slots == 0) slab->take_down();
  return {.low = slab->guard_page(slot) + page_size(), .size = shelf.stack_size, .home = slab};
}

// The slab that is to be unmapped because of this, or null.
Stacks::Slab* Stacks::put_back(const Stack& stack) noexcept {
  auto* slab = static_cast<Slab*>(stack.home);
  if (slab->free_slots == 0) slab->put_first();
  const bool was_in_use = slab->put(slab->slot_of(stack));
  if (!was_in_use) fatal(Fatal::broken_invariant, "stacks: a stack that is released was in use");
  if (!slab->unused()) return nullptr;
  slab->take_down();
  if (spare_bytes_ + slab->bytes() > spare_bytes_max) {
    slab->shelf->slots -= slab->slots;
    return slab;
  }
  spare_bytes_ += slab->bytes();
  slab->put_last();
  return nullptr;
}

// ---- Slabs ----------------------------------------------------------------------

// Null: no memory. When there is none for many stacks, there may be for fewer.
Stacks::Slab* Stacks::make_slab(Shelf* shelf, std::size_t slots) noexcept {
  const std::size_t stride = shelf->stack_size + page_size();
  void* memory = map(slots * stride);
  for (; memory == nullptr && slots > 1; memory = map(slots * stride)) slots /= 2;
  if (memory == nullptr) return nullptr;
  auto* slab = new (std::nothrow) Slab(shelf, static_cast<std::byte*>(memory), slots);
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
  // A huge page would hold the memory of 30 stacks from the first access to one of them.
  // Kernels with regions have none where MAP_STACK is.
  madvise(slab.base, slab.bytes(), MADV_NOHUGEPAGE);
  if (best == Guard::mapping) protect_pages(slab);
  return true;
}

// 0 or why not.
int Stacks::mark_regions(const Slab& slab) noexcept {
  iovec pages[64];
  std::size_t n = 0;
  for (std::size_t slot = 0; slot < slab.slots; ++slot) {
    pages[n++] = {slab.guard_page(slot), page_size()};
    if (n < std::size(pages) && slot + 1 < slab.slots) continue;
    const int error = mark_all({pages, std::exchange(n, 0)});
    if (error != 0) return error;
  }
  return 0;
}

// As far as mappings are affordable.
void Stacks::protect_pages(Slab& slab) noexcept {
  constexpr std::int64_t per_guard = 2;  // the page's own, and one more for what lay around it
  std::int64_t guards = 0;
  {
    const std::lock_guard held(lock_);
    if (mappings_left_ < 0) mappings_left_ = mappings_of_a_process() / 2;
    guards = std::min(static_cast<std::int64_t>(slab.slots), mappings_left_ / per_guard);
    slab.guard_mappings = guards * per_guard;
    mappings_left_ -= slab.guard_mappings;
  }
  for (std::int64_t i = 0; i < guards; ++i) {
    if (mprotect(slab.guard_page(static_cast<std::size_t>(i)), page_size(), PROT_NONE) != 0) return;
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
      slab->shelf->slots += slab->slots;
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
