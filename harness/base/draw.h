#pragma once
// Seeds made of seeds, and numbers spread over orders of magnitude.

#include <cstdint>
#include <string_view>

#include "runtime/base/rng.h"

namespace jitterbug {

// An independent seed for part `part` of whatever `seed` drives.
constexpr std::uint64_t derive(std::uint64_t seed, std::uint64_t part) {
  return rt::scramble(rt::scramble(seed) ^ rt::scramble(~part));
}

// FNV-1a, of 64 bits.
constexpr std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

// A number in [low, high], each doubling of low as likely as the next.
// 1 <= low <= high < 2^31.
constexpr std::uint32_t log_uniform(rt::Rng& rng, std::uint32_t low, std::uint32_t high) {
  std::uint32_t doublings = 1;
  while ((static_cast<std::uint64_t>(low) << doublings) <= high) ++doublings;
  const std::uint32_t bottom = low << rng.below(doublings);
  const std::uint64_t end = static_cast<std::uint64_t>(bottom) * 2;
  const std::uint32_t top = end > high ? high + 1 : static_cast<std::uint32_t>(end);
  return bottom + rng.below(top - bottom);
}

}  // namespace jitterbug
