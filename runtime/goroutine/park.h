#pragma once
// What a part of the runtime needs of the scheduler: to suspend the G it runs on, and to
// let a suspended one go on. The scheduler defines both.

#include "runtime/goroutine/g.h"

namespace rt {

// A park's last step, on the thread's own stack, when the G is waiting already:
// makes the G known to whoever will ready it. From the moment it is known nothing
// of it may be touched. False: take the park back.
using ParkCommit = bool (*)(G* gp, void* argument);

// Suspends the calling G until it is readied.
void park_current(ParkCommit commit, void* argument);

// Makes a G that is suspended runnable. The caller's thread holds a P, and nobody else
// readies that G.
void ready(G* gp);

}  // namespace rt
