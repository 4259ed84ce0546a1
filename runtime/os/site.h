#pragma once

#include <cstdint>
#include <source_location>

namespace rt {

// Where an operation was written. One word: it travels with each operation. Only the
// flavours that report operations have it.
class Site {
 public:
  constexpr Site(std::source_location at = std::source_location::current()) : at_(at) {}

  constexpr const char* file() const { return at_.file_name(); }
  constexpr std::uint32_t line() const { return at_.line(); }

 private:
  std::source_location at_;
};

}  // namespace rt
