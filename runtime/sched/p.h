#pragma once
// P: the right to run Gs. There are as many as Gs may run at once; a P holds the
// queue of Gs that wait for it.

#include <cstdint>

#include "runtime/os/os.h"
#include "runtime/os/statistic.h"
#include "runtime/queue/run_queue.h"
#include "runtime/sched/p_status.h"

namespace rt {

struct M;

// Status and owner:
//
//   idle     on the idle list, or in one thread's hand on its way to an M
//   running  owned by its M
//   syscall  nobody owns it: its last M is in a system call and may come back for
//            it, sysmon may take it away; the thread that wins the CAS to idle has it
//
//   from     to       by                                            order
//   idle     running  acquire_p()                                   release
//   running  idle     release_p()                                   release
//   running  syscall  enter_syscall(), as its last touch of the P   seq_cst
//   syscall  idle     exit_syscall() or retake(), by CAS            acq_rel
struct P {
  explicit P(int number) : id(number) {}

  const int id;
  os::Atomic<PStatus> status{PStatus::idle, {"P#.status", id}};
  os::Atomic<M*> m{nullptr, {"P#.m", id}};      // its M while running
  os::Atomic<std::uint32_t> sched_tick{0, {"P#.sched_tick", id}};      // scheduling rounds
  os::Atomic<std::uint32_t> syscall_tick{0, {"P#.syscall_tick", id}};  // system calls, and thefts during one
  // sysmon: a chain of Gs that ready each other has had it long enough
  os::Atomic<bool> slice_over{false, {"P#.slice_over", id}};
  RunQueue queue{id};

  P* idle_link = nullptr;             // guarded by the scheduler lock
  Statistic<bool> on_idle_list{false};  // guarded by the scheduler lock

  // What sysmon saw in its last round. sysmon's alone.
  struct Sample {
    std::uint32_t sched_tick = 0;
    std::uint32_t syscall_tick = 0;
    Instant sched_when = 0;
    Instant syscall_when = 0;
  } sample;
};

}  // namespace rt
