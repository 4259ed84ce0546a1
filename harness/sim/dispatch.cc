// Steps, and who runs next.

#include <algorithm>

#include "harness/sim/impl.h"

namespace jitterbug {
namespace {

constexpr std::uint32_t calm_slice = 32;      // steps
constexpr std::uint32_t window_weight = 4;    // a race window brings the next audit closer by so many steps
constexpr std::uint64_t spin_body_max = 16;   // steps of one round of a spin loop
constexpr std::uint64_t spin_speed_max = 64;  // how many times faster time passes while everybody spins
constexpr std::uint64_t spins_per_jump = 16;  // relaxes of each thread until time jumps to a sleeper

// Operations after which a thread may stand still: what it has announced must be
// where it stands, for strategies look at it.
using rt::engine::OpKind;
constexpr std::uint32_t always_attended = bit_of(OpKind::window) | bit_of(OpKind::relax) |
                                          bit_of(OpKind::futex_wait) | bit_of(OpKind::thread_join) |
                                          bit_of(OpKind::sleep) | bit_of(OpKind::poll_wait);

}  // namespace

void Machine::Impl::plan_attention() {
  if (trace_.enabled() || watched_) {
    hot.quiet_until = 0;
    return;
  }
  const std::uint64_t next = std::min(std::min(slice_end_, clock_.due_step()), std::min(audit_at_, phase_end_));
  hot.quiet_until = next == 0 ? 0 : next - 1;  // the step that reaches `next` is not a quiet one
  hot.stop_at = stop_at_ | always_attended;
}

void Machine::Impl::step_with_attention(const Op& op) {
  VirtualThread& self = *current_;
  const bool relaxes = op.kind == rt::engine::OpKind::relax;
  count_step(op);
  threads_.announce(self, op);
  if (trace_.enabled()) trace_.add({self.id, op, now()});
  if (watched_) strategy_->announces(self.id, op);
  if (op.kind == rt::engine::OpKind::window) enter_window(self, op.window);
  settle(relaxes);
  if (relaxes) slow_down(self);
  if (hot.steps >= phase_end_) next_phase();
  if (hot.steps >= audit_at_) {
    audit_at_ = hot.steps + options_.audit_every;
    go_home(Errand::audit);
  }
  wake_sleepers();
  if (hot.steps >= slice_end_ || relaxes || (stop_at_ & bit_of(op.kind)) != 0) reschedule();
  plan_attention();
}

void Machine::Impl::enter_window(VirtualThread& self, Window w) {
  entered_[static_cast<std::size_t>(w)] = true;
  self.last_window = w;
  if (audit_at_ != Clock::no_step) audit_at_ -= std::min<std::uint64_t>(audit_at_, window_weight - 1);
}

// Accounts for the caller's steps since the last time: to spinners, somebody else
// has moved.
void Machine::Impl::settle(bool relaxes) {
  const std::uint64_t taken = hot.steps - settled_steps_;
  settled_steps_ = hot.steps;
  current_->steps_since_relax = relaxes ? 0 : current_->steps_since_relax + taken;
  if (taken > (relaxes ? 1u : 0u)) threads_.raise_others(*current_);
  if (!relaxes && taken != 0) threads_.raise(*current_);
}

// The caller spins. Where everybody does, only time can end it, so time hurries.
void Machine::Impl::slow_down(VirtualThread& self) {
  threads_.lower(self);
  if (!threads_.everyone_spins(spin_body_max)) {
    spin_streak_ = 0;
    return;
  }
  ++spin_streak_;
  clock_.skip(clock_.step_ns() * static_cast<rt::Duration>(std::min(spin_streak_, spin_speed_max)));
  if (clock_.anyone_sleeps() && spin_streak_ >= spins_per_jump * threads_.runnable_count()) {
    spin_streak_ = 0;
    pass_time();
  }
}

void Machine::Impl::next_phase() {
  if (calm_) {
    if (inside_) leave_for_good(Errand::steps_exhausted);
    return;
  }
  calm_ = true;
  watched_ = false;
  phase_end_ = options_.storm_steps + std::max<std::uint64_t>(options_.calm_steps, 1);
  slice_end_ = hot.steps;
  stop_at_ = 0;
}

// ---- Waiting and time -------------------------------------------------------

rt::Instant Machine::Impl::deadline_after(rt::Duration d) const {
  if (d < 0 || d > Clock::never - now()) return Clock::never;
  return now() + d;
}

void Machine::Impl::block(Wait why, std::uint32_t object, rt::Instant deadline) {
  VirtualThread& self = *current_;
  settle(false);
  threads_.begin_wait(self, why, object);
  clock_.arm(self.id, deadline);
  reschedule();
  plan_attention();
}

void Machine::Impl::wake(VirtualThread& t) {
  clock_.disarm(t.id);
  threads_.end_wait(t);
  slice_end_ = hot.steps;
  hot.quiet_until = 0;
}

void Machine::Impl::wake_due() {
  for (;;) {
    const ThreadId id = clock_.take_due(now());
    if (id == rt::engine::no_thread) return;
    VirtualThread& t = threads_[id];
    wake(t);
    t.timed_out = true;
  }
}

void Machine::Impl::pass_time() {
  clock_.skip(std::max<rt::Duration>(clock_.earliest() - now(), 0));
  wake_sleepers();
}

// ---- Who runs next ------------------------------------------------------------

void Machine::Impl::reschedule() {
  VirtualThread* next = choose_next();
  if (next == current_) return;
  switch_to(*next, false);
}

VirtualThread* Machine::Impl::choose_next() {
  for (;;) {
    if (threads_.runnable_count() == 0) {
      if (!clock_.anyone_sleeps()) leave_for_good(Errand::world_dead);
      pass_time();
      continue;
    }
    const std::span<const Candidate> candidates = threads_.candidates();
    const bool fair = calm_ || threads_.only_spinners();
    ThreadId id = fair ? take_turns(candidates) : ask_strategy(candidates);
    if (id == rt::engine::no_thread) {
      last_spinner_ = threads_.next_spinner(last_spinner_);
      if (last_spinner_ == rt::engine::no_thread) {
        last_spinner_ = 0;
        pass_time();
        continue;
      }
      id = last_spinner_;
      slice_end_ = hot.steps + calm_slice;
    }
    return &threads_[id];
  }
}

ThreadId Machine::Impl::take_turns(std::span<const Candidate> candidates) {
  const bool may_go_on = threads_.is_candidate(current_->id) && !current_->relaxing;
  if (may_go_on && hot.steps < slice_end_) return current_->id;
  slice_end_ = hot.steps + calm_slice;
  stop_at_ = 0;
  for (const Candidate& c : candidates) {
    if (c.thread > current_->id) return c.thread;
  }
  return candidates.front().thread;
}

ThreadId Machine::Impl::ask_strategy(std::span<const Candidate> candidates) {
  Situation s;
  s.spinning = threads_.spinners_left_out();
  s.next_deadline = clock_.anyone_sleeps() ? clock_.earliest() : rt::forever;
  if (candidates.size() == 1 && !s.may_hold_back()) {
    slice_end_ = Clock::no_step;  // until there is a second one
    stop_at_ = 0;
    return candidates.front().thread;
  }
  s.runnable = candidates;
  s.current = current_->id;
  s.current_runnable = current_->can_run();
  s.current_relaxes = current_->relaxing;
  s.calm = false;
  s.step = hot.steps;
  s.now = now();
  const Pick pick = strategy_->pick(s);
  slice_end_ = hot.steps + std::max<std::uint32_t>(pick.slice, 1);
  stop_at_ = pick.stop_at;
  if (threads_.is_candidate(pick.thread)) return pick.thread;
  if (pick.thread == rt::engine::no_thread && s.may_hold_back()) return rt::engine::no_thread;
  return candidates.front().thread;
}

void Machine::Impl::switch_to(VirtualThread& next, bool last) {
  VirtualThread& from = *current_;
  if (from.can_run() && from.announced.kind == rt::engine::OpKind::window) {
    switched_[static_cast<std::size_t>(from.announced.window)] = true;
  }
  ++switches_;
  current_ = &next;
  hot.thread = std::uint64_t{next.id} << 48;
  if (watched_) strategy_->runs(next.id);
  plan_attention();
  next.fiber.switch_from(from.fiber, last);
}

void Machine::Impl::end_current() {
  VirtualThread& self = *current_;
  if (self.id == 0) leave_for_good(Errand::finished);
  settle(false);
  threads_.end(self);
  left_stacks_.push_back(self.stack);
  for (VirtualThread* waiter : threads_.waiters(Wait::join, self.id)) wake(*waiter);
  switch_to(*choose_next(), true);
  refuse("an ended thread was continued");
}

}  // namespace jitterbug
