#pragma once
// A seam whose windows cost something: what the comparison must notice.

#include "runtime/os/os.h"

namespace rt::os_production {
inline volatile int visits = 0;
inline void costly_window(Window) { visits = visits + 1; }
}  // namespace rt::os_production

#define race_window costly_window
