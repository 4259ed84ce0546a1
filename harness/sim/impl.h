#pragma once
// The inside of the simulated machine: what answers the questions of runtime/os/engine.h. For
// harness/sim only.
//
// run() stands on a fiber of its own, *home*, and enters the first virtual thread. From then on
// virtual threads switch to each other directly. Two things must not happen on a virtual
// thread's stack, the judge's callbacks and the end of the run: for these a thread switches to
// home with a request.
//
// Each function below is called by the running virtual thread unless it says otherwise.

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sim/clock.h"
#include "harness/sim/hot.h"
#include "harness/sim/locks.h"
#include "harness/sim/machine.h"
#include "harness/sim/pipes.h"
#include "harness/sim/pollers.h"
#include "harness/sim/stack_pool.h"
#include "harness/sim/threads.h"
#include "harness/sim/trace.h"

namespace jitterbug {

using rt::os_fiber::Handover;

struct Machine::Impl {
  explicit Impl(Machine& owner) : owner_(owner) {}

  // The machine whose run is under way; null: none.
  static Impl* running() { return under_way; }
  // The machine whose virtual thread is calling; null: the caller is not one.
  static Impl* inside() { return under_way != nullptr && under_way->inside_ ? under_way : nullptr; }

  // ---- run.cc: the life of a run, on the home fiber ---------------------------
  RunResult run(const MachineOptions& options, Strategy& strategy, Judge& judge, const std::function<void()>& main);
  // From a judge's callback as well. On a virtual thread they do not return.
  void fail(Failure failure);
  void accept();

  // What a virtual thread switches to home for.
  enum class HomeRequest : std::uint8_t {
    audit,
    fatal,
    slot_shared,
    lock_misused,
    resource_misused,
    world_dead,
    steps_exhausted,
    finished
  };
  void go_home(HomeRequest request);  // returns if the judge lets the run go on
  [[noreturn]] void leave_for_good(HomeRequest request);

  // ---- dispatch.cc: steps and who runs next -----------------------------------
  // From anywhere. Where nobody asks who counts, nothing happens.
  static void step_with_attention(Op op);
  void attend(Op op);
  // The caller waits until somebody makes it runnable, or until `deadline`.
  void block(Wait why, std::uint32_t object, rt::Instant deadline);
  void wake(VirtualThread& t);
  // The caller has ended. Does not return.
  [[noreturn]] void end_current();
  rt::Instant now() const { return clock_.at(hot.steps); }
  // Clock::never for `forever` and whatever lies beyond the end of time.
  rt::Instant deadline_after(rt::Duration d) const;
  void plan_attention();

  // ---- questions.cc: everything that has more than one answer -------------------
  std::uint32_t ask(Question q, std::uint32_t n);
  bool fault(rt::engine::Fault f) {
    return options_.fault_one_in[static_cast<std::size_t>(f)] != 0 && fault_happens(f);
  }
  // A deadline that a late timer may have moved.
  rt::Instant timer(rt::Duration d);
  // Wakes one thread out of this wait; false: nobody waits.
  bool wake_one(Wait why, std::uint32_t object);
  bool lifted(Safeguard s);  // from anywhere in a run

  // ---- Words and locks: their numbers -----------------------------------------
  rt::engine::ObjectId new_object(const rt::engine::Name& name) {
    names_.push_back(name);
    return static_cast<rt::engine::ObjectId>(names_.size());
  }
  void rename_object(rt::engine::ObjectId object, const rt::engine::Name& name) {
    if (known(object)) names_[object - 1] = name;
  }
  rt::engine::Name name_of(rt::engine::ObjectId object) const {
    return known(object) ? names_[object - 1] : rt::engine::Name{};
  }
  // False: the object was made outside of the run, and has no number or that of another run.
  bool known(rt::engine::ObjectId object) const { return object != 0 && object <= names_.size(); }

  // ---- calls.cc: threads, futexes, slots, locks -----------------------------------
  ThreadId start_thread(void (*entry)(void*), void* argument, std::string_view role, rt::Site site);
  void join_thread(ThreadId t);
  void sleep(rt::Duration d);
  void futex_block(rt::engine::ObjectId word, rt::Duration timeout);
  int futex_wake(rt::engine::ObjectId word, int count);
  void set_slot(void* value);
  void lock_event(rt::engine::LockEvent e, rt::engine::ObjectId lock);
  void stack_release(rt::Stack s);
  // Has the judge told that the caller breaks a rule: "reads from descriptor 5, which is closed".
  void misuse(const std::string& what);
  [[noreturn]] void program_fatal(rt::Fatal kind, const char* message);

  // ---- files.cc: pipes and pollers -------------------------------------------------
  long file_read(rt::Descriptor fd, void* to, std::size_t n);
  long file_write(rt::Descriptor fd, const void* from, std::size_t n);
  void file_close(rt::Descriptor fd);
  void poller_close(Pollers::Id p);
  bool poller_add(Pollers::Id p, rt::Descriptor fd, void* token);
  void poller_remove(Pollers::Id p, rt::Descriptor fd);
  int poller_wait(Pollers::Id p, rt::PollEvent* events, int capacity, rt::Duration timeout);
  void poller_wake(Pollers::Id p);
  void poller_drain(Pollers::Id p);
  // Whether it is open. If it is not, `act` is reported as a misuse.
  bool allowed(const char* act, rt::Descriptor fd);
  bool allowed(const char* act, Pollers::Id p);
  void deliver(const Pipes::Edge& edge);
  void wake_poller_waiter(Pollers::Id p);

  // ---- Parts of run.cc and dispatch.cc ----------------------------------------------
  void begin(const MachineOptions& options, Strategy& strategy, Judge& judge);
  void answer_request();
  void require_verdict(const char* question);
  void record_end(std::optional<Failure> failure);
  RunResult result();
  rt::Stack spare_stack();
  void enter_thread(VirtualThread& t);
  static void thread_main(void* self);

  void plan_events();
  void plan_slice();
  void attend_to_events(Op op);
  void enter_window(VirtualThread& self, Window w);
  void settle(bool relaxes);
  void slow_down(VirtualThread& self);
  void next_phase();
  bool prolong_calm();
  bool fault_happens(rt::engine::Fault f);
  void wake_sleepers() {
    if (hot.steps >= clock_.due_step()) wake_due();
  }
  void wake_due();
  void pass_time();
  void decide(bool last);
  void reschedule(bool last = false);
  void switch_to(VirtualThread& next, bool last);
  VirtualThread& choose_next();
  VirtualThread* ask_strategy(std::span<const Candidate> candidates);
  VirtualThread& take_turns(std::span<const Candidate> candidates);
  VirtualThread* hold_candidates_back();

  static constinit Impl* under_way;

  Machine& owner_;

  // The run
  MachineOptions options_;
  Strategy* strategy_ = nullptr;
  Judge* judge_ = nullptr;
  const std::function<void()>* main_ = nullptr;
  rt::os_fiber::Fiber home_;
  VirtualThread* current_ = nullptr;
  bool inside_ = false;  // a virtual thread runs, not home
  bool over_ = false;

  // The request under way, and its particulars
  HomeRequest request_ = HomeRequest::finished;
  rt::Fatal fatal_kind_ = rt::Fatal::deadlock;
  std::string_view said_;
  std::string last_words_;
  ThreadId other_thread_ = 0;

  // Steps and operations at which a thread has to stop and look, see plan_attention()
  std::uint64_t slice_end_ = 0;
  std::uint64_t audit_at_ = 0;
  std::uint64_t phase_end_ = 0;
  // The first step of these: an audit, the end of the phase, a sleeper that is due. 0: each
  // step is observed.
  std::uint64_t event_at_ = 0;
  std::uint32_t stop_at_ = 0;  // kinds at which the strategy wants to be asked
  bool watched_ = false;       // the strategy sees every step; not in the calm
  bool calm_ = false;
  rt::Instant calm_since_ = 0;

  // Spinning
  std::uint64_t settled_steps_ = 0;  // steps whose effect on spinners is accounted for
  std::uint64_t spin_streak_ = 0;    // relaxes in a row during which everybody spun
  ThreadId last_spinner_ = 0;

  // The world
  Threads threads_;
  Clock clock_;
  StackPool stacks_;  // that the program asks for
  // Threads stand on stacks of their own, which are taken once and pass from thread to thread and
  // from run to run. A spare one is unused, or its thread is about to leave it for good.
  StackPool thread_stacks_;
  std::vector<rt::Stack> spare_stacks_;
  Locks locks_;
  Pipes pipes_;
  Pollers pollers_;
  std::vector<rt::engine::Name> names_;  // of words and locks, by number from 1

  // The record
  Trace trace_;
  std::uint64_t switches_ = 0;
  std::optional<Failure> failure_;
  bool safeguard_reached_ = false;
  WindowSet entered_;
  WindowSet switched_;
  std::array<std::uint64_t, static_cast<std::size_t>(rt::engine::Fault::count)> faults_{};
};

// The program under test broke a rule of the machine itself: says which, aborts.
[[noreturn]] void refuse(const char* why);

}  // namespace jitterbug
