#pragma once
// Included before everything else, this removes race windows and safeguards from
// a production source, whatever the seam makes of them:
//
//   os::race_window(Window::x);          becomes  os::removed;
//   if (os::upheld(Safeguard::x)) ...    becomes  if (os::removed) ...

#include "runtime/os/os.h"

namespace rt::os_production {
inline constexpr bool removed = true;
}

#define race_window(...) removed
#define upheld(...) removed
