#include "runtime/sched/extra_ms.h"

#include "runtime/base/limits.h"
#include "runtime/sched/m.h"

namespace rt {

M* ExtraMs::lock_list(bool empty_ok, const os::Atomic<bool>* stopping) {
  bool counted = false;
  for (;;) {
    std::uintptr_t old = head_.load(acquire);  // pairs with unlock_list()
    if (old == locked) {
      os::yield();
      continue;
    }
    if (old == 0 && !empty_ok) {
      if (!counted) {
        waiters_.fetch_add(1, seq_cst);  // pairs with take_waiters()
        counted = true;
      }
      os::race_window(Window::extram_empty_wait);
      const bool give_up = stopping->load(acquire);  // pairs with Sched::stop()
      if (give_up) return nullptr;
      os::sleep(limits::extra_m_poll);
      continue;
    }
    os::race_window(Window::extram_list_lock);
    if (head_.cas_weak(old, locked, acquire, relaxed)) return reinterpret_cast<M*>(old);  // pairs with unlock_list()
    os::yield();
  }
}

void ExtraMs::unlock_list(M* head, std::int32_t change) {
  length_.fetch_add(change, seq_cst);  // publishes the length to the unlocked looks
  os::race_window(Window::extram_length_order);
  head_.store(reinterpret_cast<std::uintptr_t>(head), release);  // pairs with lock_list()
}

M* ExtraMs::get(bool& last, const os::Atomic<bool>& stopping) {
  M* mp = lock_list(false, &stopping);
  if (mp == nullptr) return nullptr;
  os::race_window(Window::extram_inuse_only_when_taken);
  in_use_.fetch_add(1, seq_cst);  // publishes to in_use()
  os::race_window(Window::extram_inuse_length_gap);
  M* next = mp->link;
  unlock_list(next, -1);
  mp->link = nullptr;
  last = next == nullptr;
  return mp;
}

void ExtraMs::put(M* mp) {
  mp->link = lock_list(true, nullptr);
  if (os::upheld(Safeguard::put_extra_m_ends_use)) in_use_.fetch_sub(1, seq_cst);  // publishes to in_use()
  os::race_window(Window::extram_inuse_length_gap);
  unlock_list(mp, 1);
}

std::int32_t ExtraMs::total() {
  M* head = lock_list(true, nullptr);
  const std::int32_t taken = in_use_.load(relaxed);   // ordered by the sentinel
  const std::int32_t spare = length_.load(relaxed);   // ordered by the sentinel
  unlock_list(head, 0);
  return taken + spare;
}

void ExtraMs::add(M* mp) {
  mp->link = lock_list(true, nullptr);
  created_.add(1);
  unlock_list(mp, 1);
}

}  // namespace rt
