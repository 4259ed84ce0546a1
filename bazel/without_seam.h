#pragma once
// Included before everything else, this removes race windows and safeguards from
// a production source, whatever the seam makes of them:
//
//   os::race_window(Window::x);          becomes  os::removed;
//   if (os::upheld(Safeguard::x)) ...    becomes  if (os::removed) ...
//
// Names of words cannot be told apart from their values by the preprocessor: RT_WITHOUT_SEAM asks a
// source to leave them out, see bazel/self_test/names.cc.

#include "runtime/os/os.h"

namespace rt::os_production {
inline constexpr bool removed = true;
}

#define RT_WITHOUT_SEAM
#define race_window(...) removed
#define upheld(...) removed
