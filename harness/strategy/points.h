#pragma once
// Where along a run its few change points or delays fall: counted in steps, or in
// race points, of which there are fewer. A race point counts when the thread that
// arrives at it is asked about; where one thread alone can run, nobody asks.

#include <algorithm>
#include <cstdint>

#include "harness/strategy/strategy.h"

namespace jitterbug {

class Position {
 public:
  void begin(bool at_race_points) {
    at_race_points_ = at_race_points;
    points_ = 0;
    counted_at_ = ~std::uint64_t{0};
  }
  bool at_race_points() const { return at_race_points_; }

  // A change may happen now.
  bool is_possible(const Situation& s) {
    if (!at_race_points_) return true;
    const Op* op = s.current_runnable ? current_op(s) : nullptr;
    if (op == nullptr || !is_race_point(*op) || counted_at_ == s.step) return false;
    counted_at_ = s.step;
    ++points_;
    return true;
  }
  std::uint64_t at(const Situation& s) const { return at_race_points_ ? points_ : s.step; }

  // A slice of at most `longest` steps at whose end, or earlier, `next` may have been reached.
  Pick until(std::uint64_t next, ThreadId thread, std::uint64_t longest, const Situation& s) const {
    if (at_race_points_) return {thread, static_cast<std::uint32_t>(longest), race_points};
    const std::uint64_t left = next > s.step ? next - s.step : 1;
    return {thread, static_cast<std::uint32_t>(std::min(longest, left))};
  }

 private:
  bool at_race_points_ = false;
  std::uint64_t points_ = 0;      // passed so far
  std::uint64_t counted_at_ = 0;  // step of the last one
};

}  // namespace jitterbug
