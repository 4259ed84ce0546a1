#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/os/production.h"

namespace rt::os_production {
namespace {

constexpr int batch = 128;

// Milliseconds, rounded up: a wait must not end before its deadline.
int to_milliseconds(Duration d) {
  constexpr Duration longest = 1'000'000'000;
  return static_cast<int>(std::min((d + millisecond - 1) / millisecond, longest));
}

// Kernels before 5.11 and some sandboxes have no epoll_pwait2.
int wait_for_events(int epoll, epoll_event* events, int capacity, Duration timeout) {
  if (timeout == 0) return epoll_wait(epoll, events, capacity, 0);
  if (timeout < 0) return epoll_wait(epoll, events, capacity, -1);
  const timespec t{.tv_sec = static_cast<time_t>(timeout / second), .tv_nsec = static_cast<long>(timeout % second)};
  const int n = epoll_pwait2(epoll, events, capacity, &t, nullptr);
  if (n >= 0 || (errno != ENOSYS && errno != EPERM)) return n;
  return epoll_wait(epoll, events, capacity, to_milliseconds(timeout));
}

}  // namespace

bool Poller::open() noexcept {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return false;
  break_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  // The break event stays until somebody drains it, unlike all others.
  epoll_event e{.events = EPOLLIN, .data = {.ptr = nullptr}};
  if (break_ >= 0 && epoll_ctl(epoll_, EPOLL_CTL_ADD, break_, &e) == 0) return true;
  const int error = errno;
  close();
  errno = error;
  return false;
}

void Poller::close() noexcept {
  if (break_ >= 0) ::close(break_);
  if (epoll_ >= 0) ::close(epoll_);
  break_ = -1;
  epoll_ = -1;
}

bool Poller::add(Descriptor fd, void* token) noexcept {
  epoll_event e{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = token}};
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e) == 0;
}

void Poller::remove(Descriptor fd) noexcept {
  epoll_event e{};
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, &e);
}

int Poller::wait(PollEvent* events, int capacity, Duration timeout) noexcept {
  epoll_event reported[batch];
  const int n = wait_for_events(epoll_, reported, std::min(capacity, batch), timeout);
  for (int i = 0; i < n; ++i) {
    const auto bits = reported[i].events;
    events[i] = {.token = reported[i].data.ptr,
                 .readable = (bits & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
                 .writable = (bits & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0};
  }
  return std::max(n, 0);
}

void Poller::wake() noexcept {
  const std::uint64_t one = 1;
  // A full counter means that a wake is pending already.
  [[maybe_unused]] const long written = os_production::write(break_, &one, sizeof one);
}

void Poller::drain() noexcept {
  std::uint64_t count;
  [[maybe_unused]] const long got = os_production::read(break_, &count, sizeof count);
}

}  // namespace rt::os_production
