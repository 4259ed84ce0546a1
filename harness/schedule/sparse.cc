#include "harness/schedule/sparse.h"

#include "harness/schedule/schedule.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;

constexpr std::uint32_t rates[] = {4, 8, 16, 32, 64};
constexpr std::uint32_t answer_one_in = 8;
constexpr std::uint32_t fault_one_in = 16;

}  // namespace

void SparseStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  one_in_ = rates[rng_.below(std::size(rates))];
  windows_only_ = !rng_.one_in(4);
  known_only_ = windows_only_ && rng_.one_in(2);
  considered_ = ~std::uint64_t{0};
  order_.reset();
}

Pick SparseStrategy::pick(const Situation& s) {
  if (s.step != considered_ && preempts(s)) {
    considered_ = s.step;
    const ThreadId other = draw_other(s);
    if (other != s.current) {
      order_.preempt(s.current);
      return {other, 1, 0};
    }
  }
  const ThreadId next = order_.next(s);
  if (next == rt::engine::no_thread) order_.rested();
  return {next, 1, 0};
}

bool SparseStrategy::preempts(const Situation& s) {
  if (!s.current_runnable || s.current_relaxes || s.runnable.size() < 2) return false;
  for (const Candidate& c : s.runnable) {
    if (c.thread != s.current) continue;
    if (known_only_ && (c.op.kind != OpKind::window || !is_known_race(c.op.window))) return false;
    const std::uint32_t wanted = windows_only_ ? bit_of(OpKind::window) : race_points;
    return (wanted & bit_of(c.op.kind)) != 0 && rng_.one_in(one_in_);
  }
  return false;
}

ThreadId SparseStrategy::draw_other(const Situation& s) {
  return s.runnable[rng_.below(static_cast<std::uint32_t>(s.runnable.size()))].thread;
}

std::uint32_t SparseStrategy::choose(Question q, std::uint32_t n) {
  if (q == Question::fault) return faults_ && rng_.one_in(fault_one_in) ? 0 : default_answer(q);
  return rng_.one_in(answer_one_in) ? rng_.below(n) : default_answer(q);
}

}  // namespace jitterbug
