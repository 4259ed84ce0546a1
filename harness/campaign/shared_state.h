#pragma once
// What workers tell their parent while they run, in memory both map: how far they
// are, so that a crash can be pinned on a plan, and sums for the progress line.

#include <array>
#include <atomic>
#include <cstdint>

#include "harness/sim/machine.h"

namespace jitterbug {

inline constexpr std::size_t window_words = (static_cast<std::size_t>(rt::Window::count) + 63) / 64;

// A set of windows that several processes add to.
class WindowSet {
 public:
  void add(const Windows& windows) {
    std::array<std::uint64_t, window_words> bits = {};
    for (std::size_t i = 0; i < windows.size(); ++i) {
      if (windows[i]) bits[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    for (std::size_t w = 0; w < window_words; ++w) {
      // Most runs add nothing: look before taking the line.
      if ((bits[w] & ~words_[w].load(std::memory_order_relaxed)) != 0)
        words_[w].fetch_or(bits[w], std::memory_order_relaxed);
    }
  }
  bool has(rt::Window window) const {
    const auto i = static_cast<std::size_t>(window);
    return (words_[i / 64].load(std::memory_order_relaxed) >> (i % 64) & 1) != 0;
  }

 private:
  std::array<std::atomic<std::uint64_t>, window_words> words_ = {};
};

// One worker's words. The worker writes, the parent reads.
struct alignas(64) WorkerState {
  std::atomic<std::uint64_t> index{0};       // of the schedule it is at, or will run next
  std::atomic<std::int64_t> running_since{0};  // monotonic ns; 0: between two runs
  std::atomic<bool> running{false};
};

// Zero-filled memory is a valid initial state.
struct SharedState {
  static constexpr int workers_max = 64;

  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> schedules{0};
  std::atomic<std::uint64_t> decisions{0};
  std::atomic<std::uint64_t> failures{0};
  std::atomic<std::uint64_t> safeguard_reached{0};  // runs in which the lifted step was asked for
  WindowSet entered;
  WindowSet switched;
  WorkerState workers[workers_max];
};

}  // namespace jitterbug
