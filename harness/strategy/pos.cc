#include "harness/strategy/pos.h"

#include "harness/strategy/conflict.h"

namespace jitterbug {

void PosStrategy::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  priorities_ = rng_.fork(1);
  threads_.clear();
  picks_ = 0;
  performer_ = rt::engine::no_thread;
}

std::uint32_t PosStrategy::choose(Question, std::uint32_t n) { return rng_.below(n); }

PosStrategy::Thread& PosStrategy::thread(ThreadId id) {
  if (threads_.size() <= id) threads_.resize(id + 1);
  return threads_[id];
}

Pick PosStrategy::pick(const Situation& s) {
  const Candidate* highest = nullptr;
  std::uint64_t highest_priority = 0;
  const Access performed = performer_ != rt::engine::no_thread ? access_of(performed_) : Access{};
  for (const Candidate& c : s.runnable) {
    Thread& t = thread(c.thread);
    const bool waited_on = t.seen_at == picks_ && c.thread != performer_;
    if (picks_ == 0 || !waited_on || conflict(access_of(c.op), performed)) t.priority = priorities_.next();
    t.seen_at = picks_ + 1;
    if (highest != nullptr && t.priority <= highest_priority) continue;
    highest = &c;
    highest_priority = t.priority;
  }
  ++picks_;
  performer_ = highest->thread;
  performed_ = highest->op;
  return {performer_, 1};
}

}  // namespace jitterbug
