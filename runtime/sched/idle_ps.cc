#include "runtime/sched/idle_ps.h"

#include "runtime/base/check.h"

namespace rt {

IdlePs::IdlePs() {
  for (int i = 0; i < words; ++i) mask_[i].bits.name({"idle_ps.mask[#]", i});
}

void IdlePs::put(Held, P* pp) {
  check(pp->queue.empty(), "pidle_put: a P goes idle with an empty queue");
  set_mask(pp);
  os::race_window(Window::idle_mask_order);
  pp->idle_link = head_.load(relaxed);  // ordered by the scheduler lock
  head_.store(pp, relaxed);             // publishes pp to seems_empty(); the lock orders the rest
  pp->on_idle_list.set(true);
  count_.fetch_add(1, seq_cst);         // publishes the count to the unlocked looks
}

P* IdlePs::get(Held) {
  P* pp = head_.load(relaxed);  // ordered by the scheduler lock
  if (pp == nullptr) return nullptr;
  // The mask bit goes first: from the moment the P may get work no thief skips it.
  clear_mask(pp);
  os::race_window(Window::idle_mask_order);
  head_.store(pp->idle_link, relaxed);  // publishes the rest to seems_empty()
  pp->idle_link = nullptr;
  pp->on_idle_list.set(false);
  count_.fetch_sub(1, seq_cst);         // publishes the count to the unlocked looks
  return pp;
}

bool IdlePs::seems_empty() const {
  return head_.load(acquire) == nullptr;  // stale is fine: the slow path looks again under the lock
}

void IdlePs::set_mask(const P* pp) {
  mask_[pp->id / bits].bits.fetch_or(1u << (pp->id % bits), seq_cst);  // publishes to is_idle()
}

void IdlePs::clear_mask(const P* pp) {
  mask_[pp->id / bits].bits.fetch_and(~(1u << (pp->id % bits)), seq_cst);  // publishes to is_idle()
}

bool IdlePs::is_idle(const P* pp) const {
  const std::uint32_t word = mask_[pp->id / bits].bits.load(seq_cst);  // pairs with set_mask() and clear_mask()
  return (word >> (pp->id % bits) & 1u) != 0;
}

}  // namespace rt
