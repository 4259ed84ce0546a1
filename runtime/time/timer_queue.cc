#include "runtime/time/timer_queue.h"

#include <algorithm>
#include <functional>

#include "runtime/base/memory.h"

namespace rt {

bool TimerQueue::add(G* gp, Instant when) {
  LockGuard guard(lock_);
  const bool added = allocated([&] { heap_.push_back({when, armed_++, gp}); });
  if (!added) os::fatal(Fatal::out_of_memory, "no memory for a timer");
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  const bool earliest = heap_.front().g == gp;
  if (earliest) publish();
  return earliest;
}

void TimerQueue::take_due(Instant now, GQueue& out) {
  const Instant first = next();
  if (first == 0 || first > now) return;
  LockGuard guard(lock_);
  while (!heap_.empty() && heap_.front().when <= now) {
    out.push_back(heap_.front().g);
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }
  publish();
}

void TimerQueue::publish() {
  const Instant first = heap_.empty() ? 0 : heap_.front().when;
  next_.store(first, seq_cst);  // pairs with next()
}

}  // namespace rt
