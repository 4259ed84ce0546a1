#include "harness/strategy/bytes.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace jitterbug {
namespace {

constexpr std::uint32_t length_bits = 4;
constexpr std::uint32_t longest_log2 = 11;  // greater values: until the next of these
constexpr std::uint32_t fault_bits_max = 4;
constexpr std::uint32_t for_good = std::numeric_limits<std::uint32_t>::max();

constexpr std::uint32_t bits_for(std::uint32_t answers) {
  return static_cast<std::uint32_t>(std::bit_width(answers - 1));
}

}  // namespace

void BytesStrategy::begin(std::uint64_t) {
  next_bit_ = 0;
  used_up_ = false;
}

// A decision that the rest is too short for has used up the bytes.
std::uint32_t BytesStrategy::take(std::uint32_t bits) {
  if (used_up_ || bytes_.size() * 8 - next_bit_ < bits) {
    used_up_ = true;
    return 0;
  }
  std::uint32_t value = 0;
  for (std::uint32_t i = 0; i < bits; ++i, ++next_bit_) {
    const std::uint32_t bit = (bytes_[next_bit_ / 8] >> (next_bit_ % 8)) & 1u;
    value |= bit << i;
  }
  return value;
}

Pick BytesStrategy::pick(const Situation& s) {
  const auto threads = static_cast<std::uint32_t>(s.runnable.size());
  const std::uint32_t answers = threads + (s.may_hold_back() ? 1 : 0);
  const std::uint32_t which_bits = answers > 1 ? bits_for(answers) : 0;
  const std::uint32_t word = take(which_bits + length_bits);
  if (used_up_) return default_pick(s);
  const std::uint32_t which = (word & ((1u << which_bits) - 1)) % answers;
  const std::uint32_t length = word >> which_bits;
  if (which == threads) return {rt::engine::no_thread};
  if (length > longest_log2) return {s.runnable[which].thread, for_good, race_points};
  return {s.runnable[which].thread, 1u << length};
}

Pick BytesStrategy::default_pick(const Situation& s) const {
  const bool goes_on = s.current_runnable && !s.current_relaxes;
  return {goes_on ? s.current : s.runnable.front().thread, for_good};
}

std::uint32_t BytesStrategy::choose(Question q, std::uint32_t n) {
  if (q != Question::fault) return take(bits_for(n)) % n;
  const std::uint32_t answer = take(std::min(bits_for(n), fault_bits_max));
  return used_up_ || answer != 0 ? 1 : 0;
}

}  // namespace jitterbug
