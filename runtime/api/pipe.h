#pragma once
// A byte pipe whose ends wait in the poller, not in the kernel: the smallest
// thing that exercises readiness-driven I/O end to end.

#include <cstddef>

#include "runtime/api/runtime.h"

namespace rt {

struct PollDesc;

// Made, used and destroyed on Gs of one runtime, except where a method says "any
// thread". One reader and one writer at a time, none of either when it is destroyed.
class Pipe {
 public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool ok() const { return reader_ != nullptr; }  // false: no descriptors to be had

  // Reads 1..n bytes; suspends the calling G while there are none.
  std::size_t read(void* to, std::size_t n);
  // Writes n bytes; suspends the calling G while the pipe is full.
  void write(const void* from, std::size_t n);
  // Writes as many of n bytes as there is room for and returns their number. Any
  // thread, one that no runtime knows of as well.
  std::size_t write_some(const void* from, std::size_t n);

 private:
  Descriptor ends_[2] = {-1, -1};
  PollDesc* reader_ = nullptr;
  PollDesc* writer_ = nullptr;
};

}  // namespace rt
