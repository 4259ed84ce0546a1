#include "runtime/sched/global_queue.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/sched/p.h"

namespace rt {

G* GlobalQueue::get(Held, P* pp, std::int32_t most) {
  std::int32_t n = share(most);
  if (n == 0) return nullptr;
  G* gp = gs_.pop_front();  // (G1)
  for (--n; n > 0; --n) {
    G* batched = gs_.pop_front();  // (G1)
    os::race_window(Window::global_batch_without_wake);
    if (batched->begun) batched->fiber.prefetch();  // one that has waited for long is in no cache
    GQueue overflow = pp->queue.put(batched, false);  // (G2)
    check(overflow.empty(), "global queue: an empty local queue takes half a ring");
  }
  publish_size();
  return gp;
}

// How many Gs one P takes.
std::int32_t GlobalQueue::share(std::int32_t most) const {
  constexpr auto half_ring = static_cast<std::int32_t>(limits::run_queue_slots / 2);
  std::int32_t n = std::min(gs_.size(), gs_.size() / procs_ + 1);
  if (most > 0) n = std::min(n, most);
  return std::min(n, half_ring);
}

}  // namespace rt
