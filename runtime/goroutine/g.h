#pragma once
// G: a cheap thread of control. What it runs, on which stack, and in which state.

#include <cstdint>
#include <functional>

#include "runtime/base/intrusive_list.h"
#include "runtime/goroutine/g_status.h"
#include "runtime/os/fiber.h"
#include "runtime/os/os.h"
#include "runtime/os/statistic.h"

namespace rt {

struct M;

// Status and who owns the G in it:
//
//   idle      just made, not yet initialised        its maker
//   runnable  on a run queue, or on its way to one  the queue; in transit the M that moves it
//   running   runs on an M                          that M
//   syscall   runs outside, its P may be taken      its M
//   waiting   in no run queue; somebody has a note of it and will ready it
//   dead      on a list of dead Gs, or an extra M's G while that M is spare
//
//   from      to        by
//   idle      dead      its maker
//   dead      runnable  go(), which takes it off that list
//   dead      syscall   need_m(); and back by drop_m(). An extra M that the end of the
//                       scheduler overtakes leaves its G in whatever state it is
//   runnable  running   execute()
//   running   runnable  yield
//   running   syscall   enter_syscall(); and back by exit_syscall()'s fast path
//   syscall   runnable  exit_syscall()'s slow path
//   running   waiting   park
//   waiting   runnable  ready(), inject_g_list(), the taker of a polled G, or a park
//                       taken back
//   running   dead      the end of its body
struct G {
  explicit G(std::int64_t number) : id(number) {}

  const std::int64_t id;
  os::Atomic<GStatus> status{GStatus::idle, {"G#.status", id}};
  os::Atomic<M*> m{nullptr, {"G#.m", id}};  // its M while running or in a system call
  os::Atomic<M*> locked_m{nullptr, {"G#.locked_m", id}};  // the only M that may run it, if any
  os::Atomic<bool> preempt{false, {"G#.preempt", id}};  // somebody asks it to make room
  int lock_count = 0;                // nesting of lock_thread()
  bool is_main = false;              // when it ends the scheduler stops
  bool begun = false;                // has run in this life: its fiber stands on its stack
  Statistic<bool> system{false};               // the runtime's own: no reason to keep a program alive
  G* link = nullptr;                 // in a run queue or a list of dead Gs
  G* all_link = nullptr;             // in the list of all Gs

  std::function<void()> body;
  os_fiber::Fiber fiber;
  Stack stack;
};

using GQueue = IntrusiveQueue<G, &G::link>;

}  // namespace rt
