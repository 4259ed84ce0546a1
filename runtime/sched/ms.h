#pragma once
// Every M of a scheduler, and how many of them run.
//
// An M counts from the moment its id is reserved, which may be long before it has a
// thread. What it counts as:
//
//   state       counts as       from                 to
//   in making   running         reserve()            take(), or uncount()
//   at work     running         take(), get_idle()   put_idle(), add_idle_locked(1)
//   idle        nmidle          put_idle()           get_idle()
//   parked      nmidlelocked    add_idle_locked(1)   add_idle_locked(-1): it waits for its G
//   system      nmsys           add_system()
//   spent       nothing         uncount()            take(): its thread has ended
//
// sysmon lowers nmidlelocked without being parked, to count as running for a while.
// Extra Ms count like the others; the spare ones among them have no thread, and check_dead()
// takes them off.
//
// An M is freed with the scheduler and not before: others look at it whenever they like.

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/os/os.h"
#include "runtime/os/statistic.h"
#include "runtime/sched/held.h"
#include "runtime/sched/m.h"

namespace rt {

class ExtraMs;

class Ms {
 public:
  static constexpr std::int64_t unreserved = -1;

  explicit Ms(int thread_limit) : thread_limit_(thread_limit) {}

  // ---- Being counted -----------------------------------------------------------
  std::int64_t reserve(Held);
  // The M has come to its end, or was never born.
  void uncount(Held) { nmfreed_.add(1); }
  void add_idle_locked(Held, std::int32_t change) { nmidlelocked_.add(change); }
  void add_system(Held) { nmsys_.add(1); }
  // An extra M that has an id and is on no list yet.
  void add_extra_in_making(Held, std::int32_t change) { extra_in_making_ += change; }

  std::int32_t running(Held) const;
  // More Ms have threads of ours than the limit allows. Extra Ms are lent to other threads.
  bool over_limit(Held, ExtraMs& extra_ms) const;

  // ---- Ms to be had ----------------------------------------------------------------
  void put_idle(Held, M* mp);
  M* get_idle(Held);  // the last that was put; null: none
  void put_spent(Held, M* mp);
  // A spent one for a worker, or a new one. Null: there is no memory.
  M* take(Held, Sched& sched, MKind kind);

  // The first of all; the others follow by all_link. Without the lock: never unlinked.
  M* all() const { return all_.load(acquire); }  // pairs with take()

  // For observers.
  M* all_now() const { return all_.peek(acquire); }  // pairs with take()
  std::int32_t count() const { return static_cast<std::int32_t>(mnext_.get()) - nmfreed_.get(); }
  std::int32_t idle() const { return nmidle_.get(); }
  std::int32_t idle_locked() const { return nmidlelocked_.get(); }
  std::int32_t system() const { return nmsys_.get(); }

 private:
  // Written under the lock.
  M* idle_ = nullptr;
  M* spent_ = nullptr;
  std::int32_t extra_in_making_ = 0;
  Statistic<std::int32_t> nmidle_{0};
  Statistic<std::int32_t> nmidlelocked_{0};
  Statistic<std::int32_t> nmsys_{0};
  Statistic<std::int64_t> mnext_{0};   // Ms made or reserved so far
  Statistic<std::int32_t> nmfreed_{0};  // of them, Ms that are gone
  os::Atomic<M*> all_{nullptr, "all_ms"};
  std::vector<std::unique_ptr<M>> owned_;

  const int thread_limit_;
};

}  // namespace rt
