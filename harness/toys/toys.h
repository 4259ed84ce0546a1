#pragma once
// Workloads for the harness's own tests: small programs on the seam alone, with
// known ways to fail, so that the tests depend on no scheduler.
// Those that fail do so in one schedule of eight unless it says otherwise.
//   toy_abort     prints a line and aborts
//   toy_babble    sends nonsense to the parent of its process
//   toy_chatty    prints without end
//   toy_crash     runs into SIGSEGV
//   toy_exit      exits with status 7
//   toy_good      two threads add to one atomic word; never fails
//   toy_hang      one schedule in four loops without a step
//   toy_killed    ends by SIGKILL
//   toy_levels    passes each of toy_level_windows, and gets as far as it says there
//   toy_lost      two threads add with load and store; fails (O7) when an update is lost
//   toy_memory    asks for more memory than there is
//   toy_overflow  calls itself until a thread's stack overflows

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"

namespace jitterbug {

// Levels of coverage that toy_levels reaches with a window:
inline constexpr rt::Window toy_level_windows[] = {
    rt::Window::startm_id_reserve,           // entered
    rt::Window::nextp_before_wake,           // left with a switch inside
    rt::Window::stopm_list_before_sleep,     // and with a conflicting operation by a thread that passes none
    rt::Window::checkdead_on_every_drop,     // left with a switch inside, always before the next one
    rt::Window::checkdead_throw_under_lock,  // left with a switch inside
    rt::Window::runq_tail_publish,           // every level, by racing with the next one
    rt::Window::runq_head_cas_vs_thief,      // every level
};

}  // namespace jitterbug
