#pragma once
// The production flavour: the machine itself. std::atomic, futexes, POSIX threads,
// the monotonic clock, mmap, epoll. Race windows and safeguards compile to nothing.
//
// All functions may be called from any thread. Durations and instants are
// nanoseconds. No function throws; what can fail says so in its result. errno is
// not preserved.

#include <span>

#include "runtime/os/site.h"
#include "runtime/os/vocabulary.h"

namespace rt::os_production {

inline constexpr bool model_sized = false;
inline constexpr const char* flavor = "production";

// What a word or a lock is called in traces, which this flavour has none of: a literal, and the numbers
// that stand in the place of its first # and its second one.
class Name {
 public:
  constexpr Name() noexcept = default;
  constexpr Name(const char*, std::int64_t = 0, std::size_t = 0) noexcept {}
};

template <class T>
class Atomic {
 public:
  constexpr explicit Atomic(T v, Name = {}) noexcept : v_(v) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  [[gnu::always_inline]] T load(std::memory_order o) const noexcept { return v_.load(o); }
  [[gnu::always_inline]] void store(T v, std::memory_order o) noexcept { v_.store(v, o); }
  [[gnu::always_inline]] T exchange(T v, std::memory_order o) noexcept { return v_.exchange(v, o); }
  [[gnu::always_inline]] T fetch_add(T v, std::memory_order o) noexcept { return v_.fetch_add(v, o); }
  [[gnu::always_inline]] T fetch_sub(T v, std::memory_order o) noexcept { return v_.fetch_sub(v, o); }
  [[gnu::always_inline]] T fetch_or(T v, std::memory_order o) noexcept { return v_.fetch_or(v, o); }
  [[gnu::always_inline]] T fetch_and(T v, std::memory_order o) noexcept { return v_.fetch_and(v, o); }
  [[gnu::always_inline]] bool cas_strong(T& expected, T desired, std::memory_order s, std::memory_order f) noexcept {
    return v_.compare_exchange_strong(expected, desired, s, f);
  }
  [[gnu::always_inline]] bool cas_weak(T& expected, T desired, std::memory_order s, std::memory_order f) noexcept {
    return v_.compare_exchange_weak(expected, desired, s, f);
  }

  // For observers: never a step, whatever the flavour. The value may be stale.
  [[gnu::always_inline]] T peek(std::memory_order o = relaxed) const noexcept { return v_.load(o); }

  // It is called so from now on.
  [[gnu::always_inline]] void name(Name) noexcept {}

  // Where the word lies: what the kernel knows a futex by.
  const void* address() const noexcept { return &v_; }

 private:
  std::atomic<T> v_;
};

[[gnu::always_inline]] inline void fence(std::memory_order o) noexcept { std::atomic_thread_fence(o); }

[[gnu::always_inline]] constexpr void race_window(Window) noexcept {}
consteval bool upheld(Safeguard) noexcept { return true; }

// Blocks while `word` holds `expected`, until a wake or until the time-out has
// passed. May return for no reason at all.
void futex_wait(const Atomic<std::uint32_t>& word, std::uint32_t expected, Duration timeout) noexcept;
// Wakes up to `count` sleepers; returns how many there were.
int futex_wake(const Atomic<std::uint32_t>& word, int count) noexcept;

// A place in the program that nobody asks for in this flavour. Runtime functions
// that pass one on to a LockWatch take it as `os::Site at = {}`.
struct Site {};

// A lock of the runtime says here that it changes hands. Nobody listens.
class LockWatch {
 public:
  constexpr explicit LockWatch(Name = {}) noexcept {}
  template <class At>
  [[gnu::always_inline]] constexpr void acquiring(const At&) noexcept {}
  template <class At>
  [[gnu::always_inline]] constexpr void acquired(const At&) noexcept {}
  template <class At>
  [[gnu::always_inline]] constexpr void releasing(const At&) noexcept {}
};

// An operating-system thread, named by its role. Must be joined before the
// process ends; may be destroyed at any time.
class Thread {
 public:
  Thread() = default;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // False: the system has no thread or no memory left. `role` must outlive the thread.
  [[nodiscard]] bool start(void (*entry)(void*), void* argument, const char* role) noexcept;
  void join() noexcept;
  bool joinable() const noexcept { return joinable_; }

 private:
  std::uint64_t handle_ = 0;
  bool joinable_ = false;
};

// One word per thread, null at first. A G may continue on another thread after it
// was suspended: never keep the word across a switch of stacks.
void* slot() noexcept;
void set_slot(void* value) noexcept;

Instant now() noexcept;
void sleep(Duration d) noexcept;

// Tells the processor that the caller spins.
[[gnu::always_inline]] inline void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield");
#endif
}
// Lets the kernel run other threads.
void yield() noexcept;

// A random number in [0, n), n >= 1. Fast; different in each thread and each process.
std::uint32_t choose(std::uint32_t n) noexcept;

// Memory for a stack of at least `size` bytes above a page that no access survives;
// stacks.h has the exceptions. low is null when there is no memory.
Stack stack_allocate(std::size_t size) noexcept;
// Nobody stands on the stacks. Many at once cost less than each alone; their order is lost.
void stacks_release(std::span<Stack> stacks) noexcept;
inline void stack_release(Stack s) noexcept { stacks_release({&s, 1}); }

// A byte pipe whose ends never block: read end, write end. 0 or -errno.
int pipe_open(Descriptor ends[2]) noexcept;
// Bytes transferred, 0 at the end of the stream (read), or -errno. Interrupted
// calls are repeated. Writing to a pipe without a reader raises SIGPIPE.
long read(Descriptor fd, void* to, std::size_t n) noexcept;
long write(Descriptor fd, const void* from, std::size_t n) noexcept;
void close(Descriptor fd) noexcept;

// Reports descriptors that became readable or writable since the last report.
// add, remove and wake may be called while another thread is in wait.
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  [[nodiscard]] bool open() noexcept;  // false: errno says why
  void close() noexcept;
  // Watches both directions. `token`, not null, comes back in each report.
  [[nodiscard]] bool add(Descriptor fd, void* token) noexcept;
  void remove(Descriptor fd) noexcept;
  // Waits until there is a report, a wake, or the time-out has passed (0: does
  // not wait). Returns the number of reports; 0 also when interrupted.
  int wait(PollEvent* events, int capacity, Duration timeout) noexcept;
  // Ends a wait, the current or the next one: it reports the break event, which
  // comes again until drain().
  void wake() noexcept;
  void drain() noexcept;

 private:
  Descriptor epoll_ = -1;
  Descriptor break_ = -1;
};

// Says why on one line of the standard error output, and aborts.
[[noreturn]] void fatal(Fatal kind, const char* message) noexcept;

}  // namespace rt::os_production
