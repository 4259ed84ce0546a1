#pragma once
// M: an operating-system thread in the service of a scheduler. It runs scheduler
// code on its own stack (g0) and a G's code on that G's stack, and needs a P for
// the latter.

#include <cstdint>

#include "runtime/goroutine/g.h"
#include "runtime/os/fiber.h"
#include "runtime/os/os.h"
#include "runtime/os/statistic.h"
#include "runtime/sync/note.h"

namespace rt {

class Sched;
struct P;

// What the M does on its own stack with the G that has just left it. Returns the
// G to run next, or null to search for one.
using LeaveAction = G* (*)(Sched& sched, M* mp, G* gp, void* argument);

enum class MKind : std::uint8_t {
  first,   // the thread that called Runtime::run()
  worker,  // a thread the scheduler made
  system,  // sysmon: never has a P
  extra,   // lent to external threads
};

struct M {
  M(Sched& owner, MKind what) : sched(owner), kind(what) {}

  // Its words are called by the number that it has now.
  void take_id(std::int64_t number) {
    id.set(number);
    thread_filed.name({"M#.thread_filed", number});
    curg.name({"M#.curg", number});
    park.name({"M#.park", number});
    parked_locked.name({"M#.parked_locked", number});
  }

  Sched& sched;
  const MKind kind;
  Statistic<std::int64_t> id{-1};
  os::Thread thread;          // joined when the scheduler stops, or when the M is used again
  // A thread may come to its end before its maker has filed it: until this is set,
  // `thread` belongs to the maker.
  os::Atomic<bool> thread_filed{true};
  os_fiber::Fiber g0;         // the thread's own stack, while a G runs

  // ---- The M's own; others look at them as statistics only ------------------
  Statistic<P*> p{nullptr};
  P* old_p = nullptr;               // the P it had on entering a system call
  std::uint32_t syscall_tick = 0;   // old_p's tick then
  Statistic<bool> spinning{false};  // it searches, and nmspinning counts it
  Statistic<int> locks{0};          // > 0: in a section that must end on this thread
  Statistic<std::uint64_t> searches{0};  // passes over all queues
  Statistic<bool> on_g0{true};      // runs scheduler code on its own stack
  LeaveAction leave_action = nullptr;
  void* leave_argument = nullptr;
  bool needs_extra = false;         // it took the last spare M: make another one
  bool ends = false;                // its locked G has ended: the thread goes too
  bool callback_over = false;       // the external thread's body has returned

  os::Atomic<G*> curg{nullptr};     // the G it runs; sysmon looks
  Statistic<G*> locked_g{nullptr};            // the only G it may run
  G* callback_g = nullptr;          // an extra M's G

  // ---- Handing it a P -------------------------------------------------------
  //   giver                                 the parked M
  //   (N1) takes it off the idle list        (N3) wakes from park
  //   (N2) next_p, spinning set; wake park   (N4) clears park, takes next_p
  // Between (N1) and (N4) nobody else may touch next_p or spinning.
  Note park;
  P* next_p = nullptr;
  bool starts_spinning = false;              // for an M that has no thread yet
  os::Atomic<bool> parked_locked{false};     // parked, or about to, where only its G's wake or the end reaches it

  M* link = nullptr;      // idle list, list of extra Ms, list of Ms to use again
  M* all_link = nullptr;  // every M ever made; never unlinked while the scheduler lives
  Statistic<bool> idle{false};  // on the idle list; guarded by the scheduler lock
};

// The calling thread's M, or null. Ask again after every suspension: a G may go
// on on another thread.
inline M* current_m() { return static_cast<M*>(os::slot()); }

// Keeps the caller on its thread and its P until release.
class PinnedM {
 public:
  PinnedM() : m_(current_m()) {
    if (m_ != nullptr) m_->locks.add(1);
  }
  ~PinnedM() {
    if (m_ != nullptr) m_->locks.add(-1);
  }
  PinnedM(const PinnedM&) = delete;
  PinnedM& operator=(const PinnedM&) = delete;
  M* operator->() const { return m_; }
  M* get() const { return m_; }

 private:
  M* m_;
};

}  // namespace rt
