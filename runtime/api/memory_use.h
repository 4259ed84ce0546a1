#pragma once
// What this process takes of the machine's memory, as Linux counts it. For tests and
// benchmarks.

#include <cstddef>
#include <fstream>
#include <string>

namespace rt::memory_use {

// In bytes; 0: the system does not say.
inline std::size_t read(const std::string& name) {
  std::ifstream status("/proc/self/status");
  std::size_t kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == name + ":") status >> kilobytes;
  }
  return kilobytes * 1024;
}

inline std::size_t now() { return read("VmRSS"); }

// The most since the process began, or since forget_peak().
inline std::size_t peak() { return read("VmHWM"); }
inline void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace rt::memory_use
