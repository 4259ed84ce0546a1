#pragma once
// Byte pipes with non-blocking ends: the only files that a program has. Errors are negative
// errno values. A write takes as much as fits and fails with -EAGAIN only if the pipe is full.
// Not thread-safe: part of one machine.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

inline constexpr std::size_t pipe_capacity = 4096;  // bytes

class Pipes {
 public:
  static constexpr rt::Descriptor first_descriptor = 3;

  // A descriptor became ready: an event, not a state. none: no descriptor did.
  struct Edge {
    static constexpr rt::Descriptor none = -1;
    rt::Descriptor fd = none;
    bool readable = false;
    bool writable = false;
  };

  void reset();

  // Descriptors count up from first_descriptor and are not used again in a run. The functions
  // below are for open ones.
  void open(rt::Descriptor ends[2]);
  // 0: the write end is closed and nothing is left. -EBADF: fd is a write end. `edge`: the
  // descriptor that the call made ready.
  long read(rt::Descriptor fd, void* to, std::size_t n, Edge& edge);
  // -EPIPE: the read end is closed. -EBADF: fd is a read end.
  long write(rt::Descriptor fd, const void* from, std::size_t n, Edge& edge);
  void close(rt::Descriptor fd, Edge& edge);

  bool is_open(rt::Descriptor fd) const;
  // Opened in this run; it may be open still.
  bool was_open(rt::Descriptor fd) const {
    return fd >= first_descriptor && static_cast<std::size_t>(fd - first_descriptor) < 2 * count_;
  }
  // The state of an open descriptor. A hang-up counts as ready.
  Edge state(rt::Descriptor fd) const;

 private:
  struct Pipe {
    bool read_end_open = true;
    bool write_end_open = true;
    std::size_t first = 0;  // position of the oldest byte
    std::size_t size = 0;
    std::array<std::byte, pipe_capacity> bytes;
  };

  static bool is_write_end(rt::Descriptor fd) { return ((fd - first_descriptor) & 1) != 0; }
  Pipe& pipe(rt::Descriptor fd) { return *pipes_[static_cast<std::size_t>(fd - first_descriptor) / 2]; }
  const Pipe& pipe(rt::Descriptor fd) const { return *pipes_[static_cast<std::size_t>(fd - first_descriptor) / 2]; }

  std::vector<std::unique_ptr<Pipe>> pipes_;  // the first count_ are of this run
  std::size_t count_ = 0;
};

}  // namespace jitterbug
