#include "harness/sim/pipes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/sim/sanitizer.h"

namespace jitterbug {

void Pipes::reset() { count_ = 0; }

void Pipes::open(rt::Descriptor ends[2]) {
  if (count_ == pipes_.size()) pipes_.push_back(std::make_unique<Pipe>());
  Pipe& p = *pipes_[count_];
  p.read_end_open = true;
  p.write_end_open = true;
  p.first = 0;
  p.size = 0;
  ends[0] = first_descriptor + static_cast<rt::Descriptor>(2 * count_);
  ends[1] = ends[0] + 1;
  ++count_;
}

bool Pipes::is_open(rt::Descriptor fd) const {
  if (!was_open(fd)) return false;
  return is_write_end(fd) ? pipe(fd).write_end_open : pipe(fd).read_end_open;
}

long Pipes::read(rt::Descriptor fd, void* to, std::size_t n, Edge& edge) {
  if (is_write_end(fd)) return -EBADF;
  Pipe& p = pipe(fd);
  if (p.size == 0) return p.write_end_open && n != 0 ? -EAGAIN : 0;
  const bool was_full = p.size == pipe_capacity;
  n = std::min(n, p.size);
  const std::size_t before_wrap = std::min(n, pipe_capacity - p.first);
  std::memcpy(to, p.bytes.data() + p.first, before_wrap);
  std::memcpy(static_cast<std::byte*>(to) + before_wrap, p.bytes.data(), n - before_wrap);
  p.first = (p.first + n) % pipe_capacity;
  p.size -= n;
  system_acquires(&p);
  if (was_full && n != 0 && p.write_end_open) edge = {fd + 1, false, true};
  return static_cast<long>(n);
}

long Pipes::write(rt::Descriptor fd, const void* from, std::size_t n, Edge& edge) {
  if (!is_write_end(fd)) return -EBADF;
  Pipe& p = pipe(fd);
  if (!p.read_end_open) return -EPIPE;
  if (n == 0) return 0;
  if (p.size == pipe_capacity) return -EAGAIN;
  const bool was_empty = p.size == 0;
  n = std::min(n, pipe_capacity - p.size);
  const std::size_t last = (p.first + p.size) % pipe_capacity;
  const std::size_t before_wrap = std::min(n, pipe_capacity - last);
  std::memcpy(p.bytes.data() + last, from, before_wrap);
  std::memcpy(p.bytes.data(), static_cast<const std::byte*>(from) + before_wrap, n - before_wrap);
  p.size += n;
  system_releases(&p);
  if (was_empty) edge = {fd - 1, true, false};
  return static_cast<long>(n);
}

void Pipes::close(rt::Descriptor fd, Edge& edge) {
  Pipe& p = pipe(fd);
  if (is_write_end(fd)) {
    p.write_end_open = false;
    if (p.read_end_open) edge = {fd - 1, true, false};
  } else {
    p.read_end_open = false;
    if (p.write_end_open) edge = {fd + 1, false, true};
  }
}

Pipes::Edge Pipes::state(rt::Descriptor fd) const {
  const Pipe& p = pipe(fd);
  if (is_write_end(fd)) return {fd, false, !p.read_end_open || p.size < pipe_capacity};
  return {fd, p.size != 0 || !p.write_end_open, false};
}

}  // namespace jitterbug
