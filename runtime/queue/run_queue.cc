#include "runtime/queue/run_queue.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace rt {

RunQueue::RunQueue(int p)
    : head_(0, {"P#.queue.head", p}), tail_(0, {"P#.queue.tail", p}), next_(nullptr, {"P#.runnext", p}) {
  for (std::uint32_t i = 0; i < slots; ++i) slots_[i].g.name({"P#.queue[#]", p, i});
}

GQueue RunQueue::put(G* g, bool next) {
  GQueue overflow;
  if (next) {
    G* kicked = next_.exchange(g, seq_cst);  // publishes g to grab(); and before the submitter's look at the spinners
    if (kicked == nullptr) return overflow;
    os::race_window(Window::runnext_kick_in_flight);
    g = kicked;
  }
  for (;;) {
    const std::uint32_t head = head_.load(acquire);  // (Q1) pairs with (Q7)
    const std::uint32_t tail = tail_.load(relaxed);  // owner-only word
    if (tail - head < slots) {
      slots_[tail % slots].g.store(g, relaxed);  // (Q2) ordered by (Q3)
      os::race_window(Window::runq_tail_publish);
      tail_.store(tail + 1, seq_cst);  // (Q3) pairs with (Q5); and before the submitter's look at the spinners
      return overflow;
    }
    if (take_half(g, head, tail, overflow)) return overflow;
  }
}

// A full queue gives half of itself away, so that the next spawns find room.
bool RunQueue::take_half(G* extra, std::uint32_t head, std::uint32_t tail, GQueue& out) {
  constexpr std::uint32_t n = slots / 2;
  check(tail - head == slots, "run queue: only a full queue overflows");
  G* batch[n];
  for (std::uint32_t i = 0; i < n; ++i) {
    batch[i] = slots_[(head + i) % slots].g.load(relaxed);  // ordered by (Q7): a stale copy is thrown away
  }
  std::uint32_t expected = head;
  if (!head_.cas_strong(expected, head + n, release, relaxed)) return false;  // (Q7) pairs with (Q1), (Q4)
  // The Gs are private now; only now may their links be touched.
  os::race_window(Window::runqputslow_batch);
  for (G* g : batch) out.push_back(g);
  out.push_back(extra);
  return true;
}

RunQueue::Taken RunQueue::get() {
  G* next = next_.load(relaxed);  // stale is fine: the CAS decides
  if (next != nullptr) {
    os::race_window(Window::runnext_cas_single_try);
    // Only the owner fills the slot, so a CAS that fails means a thief has emptied it.
    if (next_.cas_strong(next, nullptr, acq_rel, relaxed)) return {next, true};  // pairs with grab()
  }
  for (;;) {
    std::uint32_t head = head_.load(acquire);        // (Q4) pairs with (Q7)
    const std::uint32_t tail = tail_.load(relaxed);  // owner-only word
    if (tail == head) return {};
    G* g = slots_[head % slots].g.load(relaxed);     // (Q6) ordered by (Q7)
    os::race_window(Window::runq_head_cas_vs_thief);
    if (head_.cas_strong(head, head + 1, release, relaxed)) return {g, false};  // (Q7) pairs with (Q1), (Q4)
  }
}

G* RunQueue::take_next() {
  return next_.exchange(nullptr, acq_rel);  // pairs with put()
}

G* RunQueue::steal_from(RunQueue& victim, bool victim_runs, bool even_next) {
  const std::uint32_t tail = tail_.load(relaxed);  // owner-only word
  std::uint32_t n = victim.grab(*this, tail, victim_runs, even_next);
  if (n == 0) return nullptr;
  --n;
  G* g = slots_[(tail + n) % slots].g.load(relaxed);  // owner-only word: just written by grab()
  if (n == 0) return g;
  os::race_window(Window::steal_into_full_queue);
  const std::uint32_t head = head_.load(acquire);  // pairs with (Q7)
  check(tail - head + n < slots, "run queue: a thief has room for what it steals");
  tail_.store(tail + n, seq_cst);  // (Q3) pairs with (Q5)
  return g;
}

std::uint32_t RunQueue::grab(RunQueue& to, std::uint32_t at, bool runs, bool even_next) {
  for (;;) {
    std::uint32_t head = head_.load(acquire);        // (Q4) pairs with (Q7)
    const std::uint32_t tail = tail_.load(acquire);  // (Q5) pairs with (Q3)
    std::uint32_t n = tail - head;
    n -= n / 2;
    if (n == 0) {
      if (!even_next) return 0;
      G* g = next_.load(relaxed);  // stale is fine: the CAS decides
      if (g == nullptr) return 0;
      if (runs) leave_next_to_owner();
      if (!next_.cas_strong(g, nullptr, acq_rel, relaxed)) continue;  // pairs with put()
      to.slots_[at % slots].g.store(g, relaxed);                      // ordered by (Q3) of the thief
      return 1;
    }
    if (n > slots / 2) continue;  // head and tail are of different moments
    for (std::uint32_t i = 0; i < n; ++i) {
      G* g = slots_[(head + i) % slots].g.load(relaxed);  // (Q6) ordered by (Q7)
      to.slots_[(at + i) % slots].g.store(g, relaxed);    // ordered by (Q3) of the thief
    }
    os::race_window(Window::runqgrab_copy_then_commit);
    if (head_.cas_strong(head, head + n, release, relaxed)) return n;  // (Q7) pairs with (Q1), (Q4)
  }
}

// A G in runnext is about to run: its P's G readied it and will block in a moment.
// Taking it from a running P at once would make the pair hop between threads.
void RunQueue::leave_next_to_owner() {
  os::sleep(limits::runnext_steal_backoff);
  os::race_window(Window::runnext_steal_backoff);
}

bool RunQueue::empty() const {
  // A G kicked out of runnext is in neither place for a moment, and the owner may
  // take the new runnext meanwhile; if tail did not move, that has not happened.
  for (;;) {
    const std::uint32_t head = head_.load(seq_cst);  // ordered by the caller's decrement of the spinners
    const std::uint32_t tail = tail_.load(seq_cst);  // pairs with (Q3)
    const G* next = next_.load(seq_cst);             // pairs with put()
    const std::uint32_t again = tail_.load(seq_cst); // pairs with (Q3)
    if (tail == again) return head == tail && next == nullptr;
  }
}

int RunQueue::size() const {
  const std::uint32_t head = head_.peek();
  const std::uint32_t tail = tail_.peek();
  const G* next = next_.peek();
  const auto in_ring = static_cast<std::int32_t>(tail - head);
  return std::max(in_ring, 0) + (next != nullptr ? 1 : 0);
}

}  // namespace rt
