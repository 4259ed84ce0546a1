// Steps, and who runs next.
//
// The parts of a decision are inlined by request: each is called from one place, and a
// program of a few steps consists of decisions. An Op goes from hand to hand by value, in
// registers: a reference to it would have it written in small pieces and read in large ones,
// which the processor has to wait for.

#include <algorithm>

#include "harness/sim/impl.h"
#include "harness/sim/sanitizer.h"
#include "harness/strategy/conflict.h"

namespace jitterbug {
namespace {

constexpr std::uint32_t calm_slice = 32;      // steps

// If a thread still sleeps when the calm's steps are used up, the clock is advanced by
// calm_jump, and calm_stretch steps are added, again and again until the calm has lasted
// calm_time.
constexpr rt::Duration calm_time = 20 * rt::millisecond;
constexpr rt::Duration calm_jump = 5 * rt::millisecond;
constexpr std::uint64_t calm_stretch = 20'000;

constexpr std::uint32_t window_weight = 4;    // a race window brings the next audit closer by so many steps
constexpr std::uint64_t spin_body_max = 16;   // steps of one round of a spin loop
constexpr std::uint64_t spin_speed_max = 64;  // how many times faster time passes while everybody spins
constexpr std::uint64_t spins_per_jump = 16;  // relaxes of each thread until time jumps to a sleeper

// Operations at which a thread may have to wait. They are announced each time, for strategies
// look at what a waiting thread has announced.
using rt::engine::OpKind;
constexpr std::uint32_t always_attended = bit_of(OpKind::window) | bit_of(OpKind::relax) |
                                          bit_of(OpKind::futex_wait) | bit_of(OpKind::thread_join) |
                                          bit_of(OpKind::sleep) | bit_of(OpKind::poll_wait);

// Operations at which more happens than a possible switch: a window is noted, a spinner lowered.
constexpr std::uint32_t eventful = bit_of(OpKind::window) | bit_of(OpKind::relax);

}  // namespace

// Everything that makes a step a special one is folded into two comparisons: the
// quiet step's, and that of attend().
void Machine::Impl::plan_attention() {
  plan_events();
  plan_slice();
}

// To be called when an event has come nearer. One that has moved away is looked for in vain, once.
void Machine::Impl::plan_events() {
  const bool observed = trace_.enabled() || watched_;
  event_at_ = observed ? 0 : std::min(clock_.due_step(), std::min(audit_at_, phase_end_));
}

[[gnu::always_inline]] inline void Machine::Impl::plan_slice() {
  const std::uint64_t next = std::min(slice_end_, event_at_);
  hot.quiet_until = next == 0 ? 0 : next - 1;  // the step that reaches `next` is not a quiet one
  hot.stop_at = stop_at_ | always_attended;
}

[[gnu::always_inline]] inline void Machine::Impl::attend(Op op) {
  count_step(op);
  threads_.announce(*current_, op);
  const bool relaxes = op.kind == OpKind::relax;
  settle(relaxes);
  if (hot.steps >= event_at_ || (eventful & bit_of(op.kind)) != 0) attend_to_events(op);
  if (hot.steps >= slice_end_ || relaxes || (stop_at_ & bit_of(op.kind)) != 0) {
    decide(false);
  } else {
    plan_slice();
  }
}

// What happens at this step besides the question who runs next.
void Machine::Impl::attend_to_events(Op op) {
  VirtualThread& self = *current_;
  if (trace_.enabled()) trace_.add({self.id, op, now(), name_of(word_of(op))});
  if (watched_) strategy_->announces(self.id, op);
  if (op.kind == OpKind::window) enter_window(self, op.window);
  if (op.kind == OpKind::relax) slow_down(self);
  if (hot.steps >= phase_end_) next_phase();
  if (hot.steps >= audit_at_) {
    audit_at_ = hot.steps + options_.audit_every;
    go_home(HomeRequest::audit);
  }
  wake_sleepers();
  plan_events();
}

void Machine::Impl::enter_window(VirtualThread& self, Window w) {
  entered_.add(w);
  self.last_window = w;
  if (audit_at_ != Clock::no_step) audit_at_ -= std::min<std::uint64_t>(audit_at_, window_weight - 1);
}

// A spinner waits until another thread has moved. This accounts for the caller's steps since
// the last time: spinners may look again. A relax alone is no such move.
[[gnu::always_inline]] inline void Machine::Impl::settle(bool relaxes) {
  const std::uint64_t taken = hot.steps - settled_steps_;
  settled_steps_ = hot.steps;
  if (relaxes) {
    current_->steps_since_relax = 0;
    if (taken > 1) threads_.raise_others(*current_);
  } else if (taken != 0) {
    current_->steps_since_relax += taken;
    threads_.raise_all();
  }
}

// The caller spins. Where all threads spin only the clock can end it, so time passes faster.
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
    if (inside_ && !prolong_calm()) leave_for_good(HomeRequest::steps_exhausted);
    return;
  }
  calm_ = true;
  calm_since_ = now();
  watched_ = false;
  phase_end_ = options_.storm_steps + std::max<std::uint64_t>(options_.calm_steps, 1);
  slice_end_ = hot.steps;
  stop_at_ = 0;
}

// A sleeping thread must have its turn, too. Where a step takes little time, the others may use
// up all steps of the calm while they spin and wait for it.
bool Machine::Impl::prolong_calm() {
  if (!clock_.anyone_sleeps() || now() - calm_since_ >= calm_time) return false;
  clock_.skip(calm_jump);
  phase_end_ = hot.steps + calm_stretch;
  return true;
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
  if (deadline != Clock::never) {
    clock_.arm(self.id, deadline);
    plan_events();
  }
  reschedule();
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
  plan_events();
}

// ---- Who runs next ------------------------------------------------------------

// Chooses the thread to run next and switches to it. Returns when the caller is chosen, at once
// or later. `last`: the caller has ended, and this does not return.
[[gnu::always_inline]] inline void Machine::Impl::decide(bool last) {
  VirtualThread& next = choose_next();
  plan_slice();
  if (&next != current_) switch_to(next, last);
}

void Machine::Impl::reschedule(bool last) { decide(last); }

[[gnu::always_inline]] inline VirtualThread& Machine::Impl::choose_next() {
  for (;;) {
    const std::span<const Candidate> candidates = threads_.candidates();
    VirtualThread* next = nullptr;
    if (candidates.empty()) {
      if (!clock_.anyone_sleeps()) leave_for_good(HomeRequest::world_dead);
      pass_time();
    } else if (calm_ || threads_.only_spinners()) {
      next = &take_turns(candidates);
    } else {
      next = ask_strategy(candidates);
      if (next == nullptr) next = hold_candidates_back();
    }
    if (next != nullptr) return *next;
  }
}

// The strategy wants none of the candidates to run: the next spinner has a turn. Null: there is
// none, and time has passed instead.
VirtualThread* Machine::Impl::hold_candidates_back() {
  last_spinner_ = threads_.next_spinner(last_spinner_);
  if (last_spinner_ != rt::engine::no_thread) {
    slice_end_ = hot.steps + calm_slice;
    return &threads_[last_spinner_];
  }
  last_spinner_ = 0;
  pass_time();
  return nullptr;
}

VirtualThread& Machine::Impl::take_turns(std::span<const Candidate> candidates) {
  const bool may_go_on = threads_.is_candidate(*current_) && !current_->relaxing;
  if (may_go_on && hot.steps < slice_end_) return *current_;
  slice_end_ = hot.steps + calm_slice;
  stop_at_ = 0;
  for (const Candidate& c : candidates) {
    if (c.thread > current_->id) return threads_[c.thread];
  }
  return threads_[candidates.front().thread];
}

// Null: the strategy wants none of the candidates to run now.
[[gnu::always_inline]] inline VirtualThread* Machine::Impl::ask_strategy(std::span<const Candidate> candidates) {
  Situation s;
  s.spinning = threads_.spinners_left_out();
  s.next_deadline = clock_.anyone_sleeps() ? clock_.earliest() : rt::forever;
  if (candidates.size() == 1 && !s.may_hold_back()) {
    slice_end_ = Clock::no_step;  // until there is a second one
    stop_at_ = 0;
    return &threads_[candidates.front().thread];
  }
  s.runnable = candidates;
  s.current = current_->id;
  s.current_runnable = current_->can_run();
  s.current_relaxes = current_->relaxing;
  s.current_waited = current_->waited;
  s.calm = false;
  s.step = hot.steps;
  s.now = now();
  const Pick pick = strategy_->pick(s);
  slice_end_ = hot.steps + std::max<std::uint32_t>(pick.slice, 1);
  stop_at_ = pick.stop_at;
  if (VirtualThread* picked = threads_.candidate(pick.thread)) return picked;
  if (pick.thread == rt::engine::no_thread && s.may_hold_back()) return nullptr;
  return &threads_[candidates.front().thread];
}

[[gnu::always_inline]] inline void Machine::Impl::switch_to(VirtualThread& next, bool last) {
  VirtualThread& from = *current_;
  if (from.announced.kind == OpKind::window && from.can_run()) {
    switched_.add(from.announced.window);
  }
  ++switches_;
  current_ = &next;
  hot.thread = std::uint64_t{next.id} << 48;
  if (watched_) strategy_->runs(next.id);
  const TsanIgnorePaused paused;
  next.fiber.switch_from(from.fiber, last, Handover::unordered);
}

void Machine::Impl::end_current() {
  const TsanIgnore ignored;
  VirtualThread& self = *current_;
  if (self.id == 0) leave_for_good(HomeRequest::finished);
  const Op exit{.kind = OpKind::thread_exit, .site = self.started_at};
  if (!quiet_step(exit)) attend(exit);
  system_releases(self.stack.low);
  settle(false);
  threads_.end(self);
  spare_stacks_.push_back(self.stack);
  if (self.joiner != nullptr) wake(*self.joiner);
  reschedule(true);
  refuse("an ended thread was continued");
}

// ---- The way in ---------------------------------------------------------------

void Machine::Impl::step_with_attention(Op op) {
  const TsanIgnore ignored;
  if (Impl* machine = inside()) machine->attend(op);
}

}  // namespace jitterbug
