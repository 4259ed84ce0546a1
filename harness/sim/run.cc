// The life of a run: everything that happens on the home fiber.

#include <cstdio>
#include <cstdlib>

#include "harness/sim/impl.h"
#include "harness/sim/sanitizer.h"

namespace jitterbug {

constinit Hot hot;
constinit Machine::Impl* Machine::Impl::under_way = nullptr;

namespace {

// Thread stacks carry the scheduler's own frames only; Gs have their own. Sanitizers
// make frames several times larger.
std::size_t thread_stack_size() { return (sanitized || races_are_detected() ? 256 : 64) * 1024; }

}  // namespace

void refuse(const char* why) {
  std::fprintf(stderr, "jitterbug: the simulated machine cannot go on: %s\n", why);
  std::abort();
}

void Machine::Impl::begin(const MachineOptions& options, Strategy& strategy, Judge& judge) {
  options_ = options;
  strategy_ = &strategy;
  watched_ = strategy.watches();
  judge_ = &judge;
  over_ = false;
  calm_ = false;
  slice_end_ = 0;
  stop_at_ = 0;
  audit_at_ = options.audit_every != 0 ? options.audit_every : Clock::no_step;
  phase_end_ = options.storm_steps;
  settled_steps_ = 0;
  spin_streak_ = 0;
  last_spinner_ = 0;
  threads_.reset();
  clock_.reset(options.step_ns);
  locks_.reset();
  pipes_.reset();
  pollers_.reset();
  names_.clear();
  trace_.reset(options.trace_capacity);
  switches_ = 0;
  failure_.reset();
  safeguard_reached_ = false;
  entered_ = {};
  switched_ = {};
  faults_.fill(0);
  hot = Hot{};
}

RunResult Machine::Impl::run(const MachineOptions& options, Strategy& strategy, Judge& judge,
                             const std::function<void()>& main) {
  if (under_way != nullptr) refuse("a run is under way already");
  const TsanIgnore ignored;
  begin(options, strategy, judge);
  under_way = this;
  main_ = &main;
  const auto call_main = [](void* self) { (*static_cast<Impl*>(self)->main_)(); };
  const ThreadId first = start_thread(call_main, this, "main", {});
  if (phase_end_ == 0) next_phase();
  enter_thread(threads_[first]);
  for (;;) {
    answer_request();
    if (over_) break;
    enter_thread(*current_);
  }
  under_way = nullptr;
  // The caller reads what the threads have written.
  if (races_are_detected()) threads_.precede_caller();
  for (VirtualThread* t : threads_.live()) {
    t->fiber.abandon();
    StackPool::forbid(t->stack);
    spare_stacks_.push_back(t->stack);
  }
  stacks_.give_back_all();
  return result();
}

void Machine::Impl::enter_thread(VirtualThread& t) {
  current_ = &t;
  hot.thread = std::uint64_t{t.id} << 48;
  inside_ = true;
  plan_attention();
  t.fiber.switch_from(home_, false, Handover::unordered);
  inside_ = false;
  hot.quiet_until = 0;
}

void Machine::Impl::go_home(HomeRequest request) {
  request_ = request;
  const TsanIgnorePaused paused;
  home_.switch_from(current_->fiber, false, Handover::unordered);
}

void Machine::Impl::leave_for_good(HomeRequest request) {
  request_ = request;
  // Only a finished run lets go of the stack. Before that the judge may look at objects on it.
  const bool last = request == HomeRequest::finished;
  const TsanIgnorePaused paused;
  home_.switch_from(current_->fiber, last, Handover::unordered);
  refuse("an abandoned thread was continued");
}

void Machine::Impl::answer_request() {
  if (over_) return;
  switch (request_) {
    case HomeRequest::audit: return judge_->audit();
    case HomeRequest::slot_shared: return judge_->slot_shared(other_thread_, current_->id);
    case HomeRequest::lock_misused: return judge_->lock_misused(current_->id, said_);
    case HomeRequest::resource_misused: return judge_->resource_misused(said_);
    case HomeRequest::fatal: judge_->fatal(fatal_kind_, said_); return require_verdict("the program gave up");
    case HomeRequest::world_dead: judge_->world_dead(); return require_verdict("nobody can run");
    case HomeRequest::steps_exhausted:
      judge_->steps_exhausted();
      return require_verdict("the calm is over and the first thread has not ended");
    case HomeRequest::finished: return record_end(std::nullopt);
  }
}

// Where the run cannot go on the judge must decide. One that does not is a finding itself.
void Machine::Impl::require_verdict(const char* question) {
  if (!over_) record_end(Failure(OracleId::harness, std::string("no oracle judged that ") + question));
}

void Machine::Impl::record_end(std::optional<Failure> failure) {
  if (over_) return;
  over_ = true;
  if (failure.has_value()) failure_.emplace(std::move(*failure));
}

void Machine::Impl::fail(Failure failure) {
  record_end(std::move(failure));
  if (inside_) leave_for_good(HomeRequest::finished);
}

void Machine::Impl::accept() {
  record_end(std::nullopt);
  if (inside_) leave_for_good(HomeRequest::finished);
}

RunResult Machine::Impl::result() {
  RunResult r;
  if (failure_.has_value()) r.failure.emplace(std::move(*failure_));
  r.decisions = hot.steps;
  r.switches = switches_;
  r.digest = hot.digest;
  r.safeguard_reached = safeguard_reached_;
  r.windows_entered = entered_;
  r.windows_switched = switched_;
  if (r.failed()) {
    for (const VirtualThread* t : threads_.live()) {
      if (t->last_window == Window::count) continue;
      r.last_windows.emplace_back(t->name(), t->last_window);
    }
  }
  if (trace_.enabled()) r.trace = trace_.oldest_first();
  return r;
}

rt::Stack Machine::Impl::spare_stack() {
  if (spare_stacks_.empty()) return thread_stacks_.take(thread_stack_size());
  const rt::Stack s = spare_stacks_.back();
  spare_stacks_.pop_back();
  return s;
}

ThreadId Machine::Impl::start_thread(void (*entry)(void*), void* argument, std::string_view role, rt::Site site) {
  if (fault(rt::engine::Fault::no_thread)) return rt::engine::no_thread;
  if (threads_.live().size() >= live_threads_max) return rt::engine::no_thread;
  VirtualThread& t = threads_.add(role, site);
  t.entry = entry;
  t.argument = argument;
  t.stack = spare_stack();
  t.fiber.prepare(t.stack, &thread_main, &t);
  if (watched_) strategy_->thread_started(t.id, inside_ ? current_->id : t.id, t.role->name());
  slice_end_ = hot.steps;
  hot.quiet_until = 0;
  return t.id;
}

void Machine::Impl::thread_main(void* self) {
  auto* t = static_cast<VirtualThread*>(self);
  system_acquires(t->stack.low);
  t->entry(t->argument);
  running()->end_current();
}

}  // namespace jitterbug
