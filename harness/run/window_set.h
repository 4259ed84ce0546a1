#pragma once
// A set of race windows: a value, and one that several processes add to.

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

inline constexpr std::size_t window_count = static_cast<std::size_t>(rt::Window::count);
inline constexpr std::size_t window_words = (window_count + 63) / 64;

class WindowSet {
 public:
  using Words = std::array<std::uint64_t, window_words>;

  constexpr WindowSet() = default;
  constexpr explicit WindowSet(const Words& words) : words_(words) {}

  constexpr void add(rt::Window window) { words_[word(window)] |= bit(window); }
  constexpr void add(const WindowSet& other) {
    for (std::size_t w = 0; w < window_words; ++w) words_[w] |= other.words_[w];
  }
  constexpr bool has(rt::Window window) const { return (words_[word(window)] & bit(window)) != 0; }
  constexpr std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t w : words_) sum += static_cast<std::uint64_t>(std::popcount(w));
    return sum;
  }
  // By 64: the bit of a window is its number.
  constexpr const Words& words() const { return words_; }

  bool operator==(const WindowSet&) const = default;

 private:
  static constexpr std::size_t word(rt::Window window) { return static_cast<std::size_t>(window) / 64; }
  static constexpr std::uint64_t bit(rt::Window window) {
    return std::uint64_t{1} << (static_cast<std::size_t>(window) % 64);
  }

  Words words_ = {};
};

// Lock-free. Zero-filled memory is an empty one.
class SharedWindowSet {
 public:
  void add(const WindowSet& windows) {
    for (std::size_t w = 0; w < window_words; ++w) {
      // Most runs add nothing: look before taking the line.
      const std::uint64_t bits = windows.words()[w];
      if ((bits & ~words_[w].load(std::memory_order_relaxed)) != 0) {
        words_[w].fetch_or(bits, std::memory_order_relaxed);
      }
    }
  }
  WindowSet windows() const {
    WindowSet::Words words;
    for (std::size_t w = 0; w < window_words; ++w) words[w] = words_[w].load(std::memory_order_relaxed);
    return WindowSet(words);
  }

 private:
  std::array<std::atomic<std::uint64_t>, window_words> words_ = {};
};

}  // namespace jitterbug
