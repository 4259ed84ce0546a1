#include "harness/sim/stack_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "harness/sim/sanitizer.h"

#ifdef RT_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace jitterbug {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t label_room = 64;

// A cache finds room for an address by its place in the page. Stacks that all began at the
// same place would drive each other's frames out: a run switches among dozens of them. So
// they begin at different ones, in turn.
constexpr std::size_t places = 16;
constexpr std::size_t place_distance = page / places;

// Stands right above the stack, in a page that the stack touches anyway.
struct Label {
  StackPool* pool;      // null: mapped for one use
  std::uint32_t index;  // in the pool's list of taken stacks
  void* memory;         // from the guard page on
  std::size_t mapped;   // bytes of it
};
static_assert(sizeof(Label) <= label_room);

Label& label(rt::Stack s) { return *reinterpret_cast<Label*>(s.high()); }

void permit([[maybe_unused]] rt::Stack s) {
#ifdef RT_ASAN
  __asan_unpoison_memory_region(s.low, s.size);
#endif
}

bool is_one_of(rt::Stack s, const std::vector<rt::Stack>& stacks) {
  const auto same = [s](const rt::Stack& other) { return other.low == s.low && other.size == s.size; };
  return std::any_of(stacks.begin(), stacks.end(), same);
}

rt::Stack map_memory(std::size_t size) {
  static std::size_t count = 0;
  const std::size_t above = count++ % places * place_distance;
  size = (size + 15) & ~std::size_t{15};
  const std::size_t mapped = page + ((size + label_room + above + page - 1) & ~(page - 1));
  void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
    std::fputs("jitterbug: no memory for a stack\n", stderr);
    std::abort();
  }
  std::byte* end = static_cast<std::byte*>(memory) + mapped;
  const rt::Stack s{end - above - label_room - size, size};
  label(s) = {nullptr, 0, memory, mapped};
  return s;
}

void unmap(rt::Stack s) {
  permit(s);
  munmap(label(s).memory, label(s).mapped);
}

}  // namespace

std::vector<rt::Stack> StackPool::singles_;

rt::Stack StackPool::map(std::size_t size) {
  singles_.push_back(map_memory(size));
  return singles_.back();
}

void StackPool::forbid([[maybe_unused]] rt::Stack s) {
#ifdef RT_ASAN
  __asan_poison_memory_region(s.low, s.size);
#endif
}

StackPool::~StackPool() {
  give_back_all();
  for (Shelf& each : shelves_) {
    for (rt::Stack s : each.kept) unmap(s);
  }
}

inline StackPool::Shelf& StackPool::shelf(std::size_t size) {
  for (Shelf& each : shelves_) {
    if (each.size == size) return each;
  }
  return shelves_.emplace_back(Shelf{size, {}});
}

rt::Stack StackPool::take(std::size_t size) {
  size = (size + 15) & ~std::size_t{15};
  std::vector<rt::Stack>& kept = shelf(size).kept;
  rt::Stack s;
  if (kept.empty()) {
    s = map_memory(size);
  } else {
    s = kept.back();
    kept.pop_back();
    permit(s);
  }
  label(s).pool = this;
  label(s).index = static_cast<std::uint32_t>(taken_.size());
  taken_.push_back(s);
  return s;
}

void StackPool::put_away(rt::Stack s) {
  const std::uint32_t index = label(s).index;
  taken_[index] = taken_.back();
  label(taken_[index]).index = index;
  taken_.pop_back();
  forbid(s);
  shelf(s.size).kept.push_back(s);
}

void StackPool::give_back(rt::Stack s) {
  if (StackPool* pool = label(s).pool) {
    pool->put_away(s);
  } else {
    std::erase_if(singles_, [s](const rt::Stack& other) { return other.low == s.low; });
    unmap(s);
  }
}

StackPool::State StackPool::state(rt::Stack s) const {
  if (is_one_of(s, taken_) || is_one_of(s, singles_)) return State::taken;
  const auto keeps = [s](const Shelf& shelf) { return is_one_of(s, shelf.kept); };
  return std::any_of(shelves_.begin(), shelves_.end(), keeps) ? State::kept : State::unknown;
}

void StackPool::give_back_all() {
  // Their labels, each in a page of its own, are left alone: nobody looks there before take().
  for (auto s = taken_.rbegin(); s != taken_.rend(); ++s) {
    forbid(*s);
    shelf(s->size).kept.push_back(*s);
  }
  taken_.clear();
}

}  // namespace jitterbug
