#pragma once
// A seam whose windows ask the engine: what the comparison must notice.

#include "runtime/os/os.h"

namespace rt::engine {
void visited(Window w);
}
namespace rt::os_production {
inline void reported_window(Window w) { engine::visited(w); }
}  // namespace rt::os_production

#define race_window reported_window
