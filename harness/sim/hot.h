#pragma once
// The words that every step touches. They are apart from the machine so that a
// step on which nothing is decided costs a few instructions: one comparison
// stands for the end of the slice, the next sleeper, the next audit and the end
// of the storm.
//
// Process-wide, like the run that owns it: there is one machine at a time. Used
// by the OS thread of the run only.

#include <bit>
#include <cstdint>

#include "harness/strategy/strategy.h"

namespace jitterbug {

struct Hot {
  std::uint64_t steps = 0;        // taken so far in this run
  std::uint64_t quiet_until = 0;  // steps below this number need no attention; 0: no run, or attention now
  std::uint64_t digest = 0;
  std::uint64_t thread = 0;   // the running thread's number, at its place in a digest word
  std::uint32_t stop_at = 0;  // bit set of the OpKinds that need attention
};

extern constinit Hot hot;

constexpr std::uint64_t mix(std::uint64_t digest, std::uint64_t word) {
  return (std::rotl(digest, 23) ^ word) * 0x9e3779b97f4a7c15u;
}

// What the digest knows of a step. Neither addresses nor source positions enter it,
// and windows (which are never quiet steps) by number only where there is one.
inline void count_step(rt::engine::Op op) {
  std::uint64_t word = hot.thread | std::uint64_t{static_cast<std::uint8_t>(op.kind)} << 32 | op.object;
  if (op.kind == rt::engine::OpKind::window) word |= std::uint64_t{static_cast<std::uint8_t>(op.window)} << 40;
  ++hot.steps;
  hot.digest = mix(hot.digest, word);
}

// Takes a step if nothing has to be decided at it.
inline bool quiet_step(rt::engine::Op op) {
  if (hot.steps >= hot.quiet_until || (hot.stop_at & bit_of(op.kind)) != 0) return false;
  count_step(op);
  return true;
}

}  // namespace jitterbug
