#pragma once
// What must hold for every input. libFuzzer takes the end of the process for a crash
// and keeps the input.

#include <cstdio>
#include <cstdlib>

namespace jitterbug::fuzz {

inline void demand(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

}  // namespace jitterbug::fuzz
