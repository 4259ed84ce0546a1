#pragma once
// The scheduler: Gs run on Ms that hold Ps.
//
// Its parts, each with its protocol:
//
//   held.h          the scheduler lock, and the proof that it is held
//   spinners.h      which Ms look for work, and when another one is to
//   idle_ps.h       the idle Ps
//   global_queue.h  Gs that are on no P's queue
//   poll_slot.h     the M that blocks in the poller, and until when
//   ms.h            every M, and how many run
//   gs.h            every G, and the stacks of dead ones
//   extra_ms.h      Ms that external threads borrow
//
// Sched is the loop of an M, and what passes Ps from M to M. Its files are best read in the
// order of the sections below.
//
// Rejected: one queue for all (its lock is the bottleneck); waking a thread for
// every G (most find nothing); handing the P over directly on each ready (threads
// thrash, and the ready G loses its cache).

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/goroutine/park.h"
#include "runtime/poll/netpoll.h"
#include "runtime/sched/extra_ms.h"
#include "runtime/sched/global_queue.h"
#include "runtime/sched/gs.h"
#include "runtime/sched/held.h"
#include "runtime/sched/idle_ps.h"
#include "runtime/sched/m.h"
#include "runtime/sched/ms.h"
#include "runtime/sched/options.h"
#include "runtime/sched/p.h"
#include "runtime/sched/poll_slot.h"
#include "runtime/sched/snapshot.h"
#include "runtime/sched/spinners.h"
#include "runtime/sync/note.h"
#include "runtime/time/timer_queue.h"

namespace rt {

class Sched {
 public:
  explicit Sched(const Options& options);

  void run(std::function<void()> main);
  bool callback(std::function<void()> body);

  // ---- On a G: spawn.cc, park.cc, syscall.cc, locked.cc ------------------------------
  void spawn(std::function<void()> body);
  void yield();
  void sleep(Duration d);
  void checkpoint();
  void park(ParkCommit commit, void* argument);
  void ready(G* gp);
  void enter_syscall();
  void enter_syscall_block();
  void exit_syscall();
  void lock_thread();
  void unlock_thread();

  Netpoll& poller() { return netpoll_; }

  // ---- For observers: inspect.cc -----------------------------------------------------
  void counters(Counters& out) const;
  void snapshot(Snapshot& out) const;
  std::size_t trace_line(char* to, std::size_t size) const;

 private:
  friend struct SchedActions;
  friend struct SpawnActions;
  friend struct SyscallActions;

  struct Found {
    G* g = nullptr;
    bool inherits_slice = false;  // it goes on in the time slice of the G that readied it
    explicit operator bool() const { return g != nullptr; }
  };

  // ---- schedule.cc: the loop of an M -------------------------------------------------
  void run_loop(M* mp, G* gp);
  Found schedule(M* mp);
  G* execute(M* mp, G* gp, bool inherits_slice);
  G* resume(M* mp, G* gp);
  void leave(LeaveAction action, void* argument, bool last = false);
  static void change_status(G* gp, GStatus from, GStatus to);
  static void drop_g(M* mp);

  // ---- find_runnable.cc: work for an M, or its sleep ---------------------------------
  enum class Drop : std::uint8_t { parked_p, found_work, must_spin };
  Found find_runnable(M* mp);
  Found look_with_p(M* mp);
  Found look_near(M* mp);
  G* look_global(P* pp, std::int32_t most);
  void end_slice(P* pp);
  Found steal_work(M* mp, bool& again);
  bool may_spin(const M* mp) const;
  Drop drop_p(M* mp, G*& found);
  bool recheck_queues(M* mp);
  P* check_queues_no_p();
  bool work_queued() const;
  void run_timers(M* mp, Instant now);

  // ---- polling.cc: looking at the poller, and blocking in it -------------------------
  Found poll_without_waiting();
  bool poll_until_work(M* mp, bool was_spinning, G*& found);
  G* take_polled(M* mp, GQueue list, bool was_spinning, bool& has_p);
  void release_poller();
  void wake_poller(Instant when);

  // ---- wake.cc: an M that looks for work ---------------------------------------------
  void wake_p();
  void reset_spinning(M* mp);
  P* idle_p_or_request(Held held);

  // ---- handoff.cc: giving Ps to Ms ---------------------------------------------------
  // Who is to run a P. Neither an idle M nor a new one: the scheduler stops.
  struct Taker {
    M* idle = nullptr;
    bool is_new = false;
    std::int64_t id = Ms::unreserved;  // of the new one
  };
  void start_m(P* pp, bool spinning);
  void start_m_locked(Held held, P* pp, bool spinning);
  Taker find_taker(Held held, bool spinning);
  void start_idle_m(M* mp, P* pp, bool spinning);
  void stop_m(M* mp);
  void handoff_p(P* pp);
  void acquire_p(M* mp, P* pp);
  P* release_p(M* mp);

  // ---- thread.cc: making Ms, and the end of one --------------------------------------
  void bring_up_m(P* pp, bool spinning, std::int64_t id);
  bool new_m(P* pp, bool spinning, std::int64_t& id);
  bool do_without_new_m(P* pp, bool spinning);
  void wait_for_threads(int refusals);
  M* alloc_m(MKind kind, std::int64_t& id);
  std::int64_t reserve_m_id(Held held);
  void give_back_m_id(Held held);
  static void thread_main(void* argument);
  void m_main(M* mp);
  void m_exit(M* mp);

  // ---- locked.cc: Gs tied to threads -------------------------------------------------
  void stop_locked_m(M* mp);
  void start_locked_m(M* mp, G* gp, M* owner);
  void add_idle_locked(std::int32_t change);

  // ---- spawn.cc: birth and death of Gs -----------------------------------------------
  G* new_g(std::function<void()> body, bool system);
  void begin(G* gp);
  static void g_main(void* argument);
  G* end_g(M* mp, G* gp);
  void free_g(G* gp);
  void scavenger_main();
  void wake_scavenger();

  // ---- park.cc, inject.cc: runnable Gs into queues -----------------------------------
  void ready_on(M* mp, G* gp, bool next);
  void put_local(P* pp, G* gp, bool next);
  void put_all_global(GQueue gs);
  void inject_g_list(GQueue list);
  void start_idle(std::int32_t n);

  // ---- syscall.cc --------------------------------------------------------------------
  bool exit_syscall_fast(M* mp, P* old_p);

  // ---- sysmon.cc: the thread that watches --------------------------------------------
  void wake_sysmon_locked(Held);
  void wake_sysmon();
  void sysmon_main(M* mp);
  bool sysmon_sleep(Duration& delay, int& idle_rounds);
  void sysmon_poll(Instant now);
  void retry_refused_thread();
  bool retake(Instant now);
  bool retake_syscall(P* pp, Instant now, bool forced);

  // ---- callback.cc: external threads -------------------------------------------------
  M* need_m();
  void drop_m(M* mp);
  void abandon_m(M* mp);
  void new_extra_ms();
  void one_new_extra_m();
  static void callback_main(void* argument);

  // ---- check_dead.cc: deadlock, and other ends of the program ------------------------
  void check_dead(Held held);
  std::int32_t examine_gs(Held held);
  [[noreturn]] void fatal_unlocked(Held held, Fatal kind, const char* message);

  // ---- stop.cc: from the first M to the last -----------------------------------------
  void start_system(M* first);
  void stop();
  void wait_for_stop(M* mp);
  void join_threads();
  bool stopping() const { return stopping_.load(seq_cst); }  // pairs with stop()

  const Options options_;
  std::vector<std::unique_ptr<P>> ps_;  // fixed once made
  SchedLock lock_;

  // ---- Parts. What needs lock_ in them takes a Held ----------------------------------
  IdlePs idle_ps_;
  GlobalQueue global_queue_;
  Spinners spinners_;
  PollSlot poll_slot_;
  ExtraMs extra_ms_;
  TimerQueue timers_;
  Netpoll netpoll_;
  Gs gs_;
  Ms ms_;

  // ---- Written under lock_, read without it ------------------------------------------
  os::Atomic<bool> sysmon_waits_{false, "sysmon_waits"};  // sysmon sleeps until an M gets a P
  os::Atomic<bool> stopping_{false, "stopping"};

  // ---- Written without lock_ ---------------------------------------------------------
  os::Atomic<std::int32_t> births_{0, "births"};    // threads being made
  os::Atomic<std::int32_t> callers_{0, "callers"};  // external threads inside callback()
  os::Atomic<bool> thread_refused_{false, "thread_refused"};  // a wake failed for want of a thread
  os::Atomic<bool> scavenger_wanted_{false, "scavenger_wanted"};
  os::Atomic<bool> scavenger_parked_{false, "scavenger_parked"};

  Note sysmon_note_{"sysmon.note"};  // ends sysmon's deep sleep; cleared under lock_
  Note stop_note_{"stop.note"};      // ends sysmon's short ones
  G* scavenger_ = nullptr;
  Statistic<bool> started_{false};
};

}  // namespace rt
