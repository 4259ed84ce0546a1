#pragma once

#include <cstddef>

namespace rt {

struct Options {
  int procs = 1;                       // Ps: how many Gs run at the same time; 1..limits::procs_max
  int thread_limit = 10'000;           // threads the runtime may own, at least 1; more is fatal
  std::size_t stack_size = 64 * 1024;  // bytes of stack of each G, at least limits::stack_min; whole pages
};

}  // namespace rt
