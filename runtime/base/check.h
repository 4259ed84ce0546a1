#pragma once
// Invariants of the scheduler, checked in every build. The sentence states what
// is true; a program in which it is not cannot go on.

#include "runtime/os/os.h"

namespace rt {

inline void check(bool holds, const char* invariant) {
  if (!holds) [[unlikely]] os::fatal(Fatal::broken_invariant, invariant);
}

}  // namespace rt
