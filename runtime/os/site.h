#pragma once

#include <cstdint>

namespace rt {

// Where an operation was written. Only the flavours that report it carry it.
// Builtins, not std::source_location: libFuzzer's clang with libstdc++ 12 lacks
// the latter at some versions, and two plain words travel in registers.
struct Site {
  const char* file;
  std::uint32_t line;
  constexpr Site(const char* f = __builtin_FILE(), std::uint32_t l = __builtin_LINE())
      : file(f), line(l) {}
};

}  // namespace rt
