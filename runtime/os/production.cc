#include "runtime/os/production.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <new>

namespace rt::os_production {
namespace {

timespec to_timespec(Duration d) {
  return {.tv_sec = static_cast<time_t>(d / second), .tv_nsec = static_cast<long>(d % second)};
}

struct Start {
  void (*entry)(void*);
  void* argument;
  const char* role;
};

void* run_thread(void* start) {
  const Start s = *static_cast<Start*>(start);
  delete static_cast<Start*>(start);
  char name[16];  // the kernel's limit, terminator included
  strncpy(name, s.role, sizeof name - 1);
  name[sizeof name - 1] = '\0';
  pthread_setname_np(pthread_self(), name);
  s.entry(s.argument);
  return nullptr;
}

const char* fatal_kind(Fatal kind) {
  switch (kind) {
    case Fatal::deadlock: return "deadlock";
    case Fatal::miscounted: return "miscounted";
    case Fatal::thread_exhaustion: return "thread exhaustion";
    case Fatal::out_of_memory: return "out of memory";
    case Fatal::refused: return "refused by the system";
    case Fatal::broken_invariant: return "broken invariant";
  }
  return "?";
}

// Only the functions below them touch these words. The functions are not inlined:
// an address of thread-local data that a caller keeps is that of another thread
// once the caller's stack has moved on.
constinit thread_local void* thread_slot = nullptr;
constinit thread_local std::uint64_t choice_state = 0;

std::uint64_t fresh_seed() {
  const std::uint64_t thread = static_cast<std::uint64_t>(syscall(SYS_gettid));
  std::uint64_t x = static_cast<std::uint64_t>(now()) ^ (thread << 32);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x | 1;  // the generator never leaves zero
}

}  // namespace

void futex_wait(const Atomic<std::uint32_t>& word, std::uint32_t expected, Duration timeout) noexcept {
  const timespec relative = to_timespec(timeout < 0 ? 0 : timeout);
  syscall(SYS_futex, word.address(), FUTEX_WAIT_PRIVATE, expected, timeout < 0 ? nullptr : &relative, nullptr, 0);
}

int futex_wake(const Atomic<std::uint32_t>& word, int count) noexcept {
  const long woken = syscall(SYS_futex, word.address(), FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
  // The word's memory may be gone by now: its last sleeper left without this wake.
  return woken < 0 ? 0 : static_cast<int>(woken);
}

bool Thread::start(void (*entry)(void*), void* argument, const char* role) noexcept {
  auto* start = new (std::nothrow) Start{entry, argument, role};
  if (start == nullptr) return false;
  pthread_t handle;
  const int error = pthread_create(&handle, nullptr, &run_thread, start);
  if (error != 0) {
    delete start;
    if (error == EAGAIN || error == ENOMEM) return false;
    fatal(Fatal::refused, strerrordesc_np(error));
  }
  static_assert(sizeof handle <= sizeof handle_);
  handle_ = static_cast<std::uint64_t>(handle);
  joinable_ = true;
  return true;
}

void Thread::join() noexcept {
  pthread_join(static_cast<pthread_t>(handle_), nullptr);
  joinable_ = false;
}

[[gnu::noinline]] void* slot() noexcept {
  asm volatile("");  // no caller may take two calls for one
  return thread_slot;
}

[[gnu::noinline]] void set_slot(void* value) noexcept {
  asm volatile("");
  thread_slot = value;
}

Instant now() noexcept {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<Instant>(t.tv_sec) * second + t.tv_nsec;
}

void sleep(Duration d) noexcept {
  if (d <= 0) return;
  const timespec until = to_timespec(now() + d);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

void yield() noexcept { sched_yield(); }

// xorshift64*, scaled by a multiplication: no division, and good high bits.
[[gnu::noinline]] std::uint32_t choose(std::uint32_t n) noexcept {
  std::uint64_t x = choice_state;
  if (x == 0) x = fresh_seed();
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  choice_state = x;
  const std::uint64_t high = (x * 0x2545f4914f6cdd1du) >> 32;
  return static_cast<std::uint32_t>((high * n) >> 32);
}

int pipe_open(Descriptor ends[2]) noexcept { return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 ? 0 : -errno; }

long read(Descriptor fd, void* to, std::size_t n) noexcept {
  for (;;) {
    const ssize_t got = ::read(fd, to, n);
    if (got >= 0) return got;
    if (errno != EINTR) return -errno;
  }
}

long write(Descriptor fd, const void* from, std::size_t n) noexcept {
  for (;;) {
    const ssize_t put = ::write(fd, from, n);
    if (put >= 0) return put;
    if (errno != EINTR) return -errno;
  }
}

// Not repeated when interrupted: the descriptor is closed either way, and its
// number may already be another thread's.
void close(Descriptor fd) noexcept { ::close(fd); }

void fatal(Fatal kind, const char* message) noexcept {
  const auto piece = [](const char* text) {
    return iovec{.iov_base = const_cast<char*>(text), .iov_len = strlen(text)};
  };
  const iovec line[] = {piece("fatal: "), piece(fatal_kind(kind)), piece(": "), piece(message), piece("\n")};
  // One system call, so that lines of several threads do not mix.
  if (writev(STDERR_FILENO, line, 5) < 0) abort();
  abort();
}

}  // namespace rt::os_production
