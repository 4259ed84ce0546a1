#pragma once
// What a part of the runtime needs of the scheduler to suspend the G it runs on.

#include "runtime/goroutine/g.h"

namespace rt {

// A park's last step, on the thread's own stack, when the G is waiting already:
// makes the G known to whoever will ready it. From the moment it is known nothing
// of it may be touched. False: take the park back.
using ParkCommit = bool (*)(G* gp, void* argument);

// Suspends the calling G until it is readied. The scheduler defines it.
void park_current(ParkCommit commit, void* argument);

}  // namespace rt
