#pragma once
// A word for observers. It is written by its owner (a thread, or whoever holds
// the lock that guards it) and may be read by anybody at any time; a reader takes
// whatever value it finds, so no protocol rests on it and it is no decision point.

#include <atomic>

namespace rt {

template <class T>
class Statistic {
 public:
  constexpr explicit Statistic(T v = T{}) noexcept : v_(v) {}
  T get() const noexcept { return v_.load(std::memory_order_relaxed); }           // statistic
  void set(T v) noexcept { v_.store(v, std::memory_order_relaxed); }              // statistic
  T add(T d) noexcept {
    const T sum = v_.load(std::memory_order_relaxed) + d;                         // statistic
    v_.store(sum, std::memory_order_relaxed);                                     // statistic
    return sum;
  }

 private:
  std::atomic<T> v_;
};

}  // namespace rt
