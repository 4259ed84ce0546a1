#pragma once
// Visits 0..n-1 once each, from a random start in random strides: no two thieves
// walk the same way, and none needs a list of whom it has been to.

#include <cstdint>
#include <numeric>

#include "runtime/os/os.h"

namespace rt {

class StealOrder {
 public:
  explicit StealOrder(std::uint32_t n) : n_(n) {
    if (n == 1) return;
    const std::uint32_t draw = os::choose(n * n);
    position_ = draw % n;
    // Any stride with no factor in common with n visits them all.
    stride_ = draw / n + 1;
    while (std::gcd(stride_, n) != 1) stride_ = stride_ % n + 1;
  }
  bool done() const { return visited_ == n_; }
  void next() {
    ++visited_;
    position_ = (position_ + stride_) % n_;
  }
  std::uint32_t position() const { return position_; }

 private:
  std::uint32_t n_;
  std::uint32_t visited_ = 0;
  std::uint32_t position_ = 0;
  std::uint32_t stride_ = 1;
};

}  // namespace rt
