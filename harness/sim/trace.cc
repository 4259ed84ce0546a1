#include "harness/sim/trace.h"

namespace jitterbug {

void Trace::reset(std::size_t capacity) {
  capacity_ = capacity;
  next_ = 0;
  ring_.clear();
}

void Trace::add(const TraceStep& step) {
  if (ring_.size() < capacity_) {
    ring_.push_back(step);
    return;
  }
  ring_[next_] = step;
  next_ = (next_ + 1) % capacity_;
}

std::vector<TraceStep> Trace::oldest_first() const {
  const auto oldest = ring_.begin() + static_cast<std::ptrdiff_t>(next_);
  std::vector<TraceStep> steps(oldest, ring_.end());
  steps.insert(steps.end(), ring_.begin(), oldest);
  return steps;
}

}  // namespace jitterbug
