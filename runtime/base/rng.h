#pragma once
// Random numbers that are the same everywhere: no library distribution, no state
// outside the object. Not thread-safe; not for secrets.

#include <bit>
#include <cstdint>

namespace rt {

// Scrambles a word; distinct words give distinct results. For deriving seeds.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// xoshiro256**: 256 bits of state, any seed is good.
class Rng {
 public:
  constexpr explicit Rng(std::uint64_t seed = 0) {
    for (std::uint64_t& word : state_) {
      seed = scramble(seed);
      word = seed;
    }
  }

  constexpr std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // In [0, n); n = 0 gives 0. Multiply and shift: the bias is below n / 2^32.
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }

  // In [low, high], for ranges of less than 2^32 values.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + below(static_cast<std::uint32_t>(high - low + 1));
  }

  // True once in n times; n <= 1: always.
  constexpr bool one_in(std::uint32_t n) { return below(n) == 0; }

  // A generator of its own for one purpose. It does not advance this one, so that
  // a purpose that draws more does not disturb the others.
  constexpr Rng fork(std::uint64_t purpose) const { return Rng(state_[0] ^ scramble(purpose)); }

 private:
  std::uint64_t state_[4] = {};
};

}  // namespace rt
