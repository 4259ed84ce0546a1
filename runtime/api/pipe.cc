#include "runtime/api/pipe.h"

#include <cerrno>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {

Pipe::Pipe() {
  if (os::pipe_open(ends_) != 0) return;
  Netpoll& poller = current_m()->sched.poller();
  reader_ = poller.open(ends_[0]);
  writer_ = poller.open(ends_[1]);
  if (reader_ != nullptr && writer_ != nullptr) return;
  if (reader_ != nullptr) poller.close(std::exchange(reader_, nullptr), ends_[0]);
  if (writer_ != nullptr) poller.close(std::exchange(writer_, nullptr), ends_[1]);
}

Pipe::~Pipe() {
  Netpoll& poller = current_m()->sched.poller();
  if (reader_ != nullptr) poller.close(reader_, ends_[0]);
  if (writer_ != nullptr) poller.close(writer_, ends_[1]);
  for (const Descriptor end : ends_) {
    if (end >= 0) os::close(end);
  }
}

std::size_t Pipe::read(void* to, std::size_t n) {
  for (;;) {
    const long got = os::read(ends_[0], to, n);
    if (got >= 0) return static_cast<std::size_t>(got);
    check(got == -EAGAIN, "pipe: a read of an open pipe succeeds or would block");
    current_m()->sched.poller().wait(reader_, Direction::in);
  }
}

void Pipe::write(const void* from, std::size_t n) {
  const auto* next = static_cast<const std::byte*>(from);
  for (;;) {
    const std::size_t put = write_some(next, n);
    next += put;
    n -= put;
    if (n == 0) return;
    if (put == 0) current_m()->sched.poller().wait(writer_, Direction::out);
  }
}

std::size_t Pipe::write_some(const void* from, std::size_t n) {
  if (n == 0) return 0;
  const long put = os::write(ends_[1], from, n);
  if (put > 0) return static_cast<std::size_t>(put);
  check(put == -EAGAIN, "pipe: a write to an open pipe succeeds or would block");
  return 0;
}

}  // namespace rt
