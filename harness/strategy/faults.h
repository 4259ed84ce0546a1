#pragma once
// Whether the layer below misbehaves, in swarms: in half of the runs as rarely as the
// machine proposes, in the others several times as often. Defects of error paths need
// a fault at the right one of few places, and most runs end before a rare fault falls
// there; defects off these paths are met in the quiet half.
//
// A. Groce, C. Zhang, E. Eide, Y. Chen, J. Regehr: Swarm testing. ISSTA 2012.

#include <algorithm>

#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

class FaultSwarm {
 public:
  void begin(rt::Rng rng) {
    rng_ = rng;
    frequent_ = rng_.one_in(2);
  }

  // As Strategy::choose() of Question::fault: 0 for the fault.
  std::uint32_t answer(std::uint32_t n) {
    return rng_.below(frequent_ ? std::max(n / speedup, std::min(n, least)) : n);
  }

  bool frequent() const { return frequent_; }

 private:
  static constexpr std::uint32_t speedup = 8;
  static constexpr std::uint32_t least = 4;  // more often than one in so many, no run gets anywhere

  rt::Rng rng_;
  bool frequent_ = false;
};

}  // namespace jitterbug
