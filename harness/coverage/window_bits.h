#pragma once
// A set of race windows, one bit each.

#include <array>
#include <cstdint>

#include "harness/sim/machine.h"

namespace jitterbug {

inline constexpr std::size_t window_count = static_cast<std::size_t>(rt::Window::count);
inline constexpr std::size_t window_words = (window_count + 63) / 64;

using WindowBits = std::array<std::uint64_t, window_words>;

inline bool contains(const WindowBits& bits, std::size_t window) {
  return (bits[window / 64] >> (window % 64) & 1) != 0;
}

inline WindowBits bits_of(const Windows& windows) {
  WindowBits bits = {};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i]) bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return bits;
}

}  // namespace jitterbug
