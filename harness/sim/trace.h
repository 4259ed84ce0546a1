#pragma once
// The last steps of a run, in a ring. Not thread-safe: part of one machine.

#include <cstddef>
#include <vector>

#include "harness/sim/machine.h"

namespace jitterbug {

class Trace {
 public:
  // capacity 0: keeps nothing.
  void reset(std::size_t capacity);
  bool enabled() const { return capacity_ != 0; }
  void add(const TraceStep& step);
  std::vector<TraceStep> oldest_first() const;

 private:
  std::size_t capacity_ = 0;
  std::size_t next_ = 0;  // where the next step goes, once the ring is full
  std::vector<TraceStep> ring_;
};

}  // namespace jitterbug
