#pragma once
// Decisions read from bytes: the input of a fuzzer, or of anything else that
// mutates schedules.
//
// Bits are read in order, the lowest of a byte first, as few as a decision takes:
//   who runs next   which of n answers: ceil(log2 n) bits; then 4 bits for how long:
//                   0..11 for 2^value steps, 12..15 until its next race window, wake
//                   or start of a thread
//   a fault         at most 4 bits, all of them 0 for the fault
//   a question      ceil(log2 n) bits
// Answers beyond the last are taken modulo n. A bit that is changed leaves every
// decision before it as it was. Where a spinner or the clock may move instead, that
// is one more answer to who runs next.
//
// When the bits are used up, whoever runs goes on for as long as it can, then the
// thread with the lowest number; nothing faults, and questions are answered 0.

#include <span>

#include "harness/strategy/strategy.h"

namespace jitterbug {

class BytesStrategy final : public Strategy {
 public:
  // The bytes must outlive this.
  explicit BytesStrategy(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  void begin(std::uint64_t seed) override;  // the seed changes nothing
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  std::size_t bits_used() const { return next_bit_; }
  bool used_up() const { return used_up_; }

 private:
  std::uint32_t take(std::uint32_t bits);
  Pick default_pick(const Situation& s) const;

  std::span<const std::uint8_t> bytes_;
  std::size_t next_bit_ = 0;
  bool used_up_ = false;
};

}  // namespace jitterbug
