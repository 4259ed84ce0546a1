#pragma once
// Where the scheduler's source names each race window. Made at build time by
// window_sites.sh, so it cannot fall behind the source.

#include <span>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

struct WindowSite {
  rt::Window window;
  const char* where;  // "runtime/sched/start_m.cc:41"
};

// In order of file and line; a window may have several sites, or none.
std::span<const WindowSite> window_sites();

}  // namespace jitterbug
