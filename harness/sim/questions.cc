// The questions that have more than one answer, except which thread runs next. The strategy
// answers each of them, and each answer enters the digest.

#include <algorithm>

#include "harness/sim/impl.h"

namespace jitterbug {
namespace {

using rt::engine::Fault;

constexpr std::uint32_t lateness_steps = 8;          // a late timer overshoots by 1..8 eighths of its duration
constexpr rt::Duration lateness_max = 10 * rt::millisecond;

}  // namespace

std::uint32_t Machine::Impl::ask(Question q, std::uint32_t n) {
  if (n < 2) return 0;
  const std::uint32_t answer = strategy_->choose(q, n) % n;
  hot.digest = mix(hot.digest, std::uint64_t{static_cast<std::uint8_t>(q)} << 56 | std::uint64_t{n} << 24 | answer);
  return answer;
}

bool Machine::Impl::fault_happens(Fault f) {
  if (calm_ || !inside_) return false;
  if (ask(Question::fault, options_.fault_one_in[static_cast<std::size_t>(f)]) != 0) return false;
  ++faults_[static_cast<std::size_t>(f)];
  return true;
}

rt::Instant Machine::Impl::timer(rt::Duration d) {
  if (d < 0 || deadline_after(d) == Clock::never) return Clock::never;
  if (!fault(Fault::late_timer)) return deadline_after(d);
  const rt::Duration eighth = std::max<rt::Duration>(d / lateness_steps, clock_.step_ns());
  const rt::Duration late = eighth * (1 + ask(Question::time, lateness_steps));
  return deadline_after(d + std::min(late, lateness_max));
}

bool Machine::Impl::wake_one(Wait why, std::uint32_t object) {
  const std::span<VirtualThread* const> waiters = threads_.waiters(why, object);
  if (waiters.empty()) return false;
  const auto count = static_cast<std::uint32_t>(waiters.size());
  wake(*waiters[calm_ ? 0 : ask(Question::wake_order, count)]);
  return true;
}

bool Machine::Impl::lifted(Safeguard s) {
  const bool asked_for = options_.lifted.has_value() && *options_.lifted == s;
  safeguard_reached_ |= asked_for && inside_;
  return asked_for;
}

}  // namespace jitterbug
