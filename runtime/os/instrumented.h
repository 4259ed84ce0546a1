#pragma once
// The instrumented flavour: the production operations on real threads, each of
// them announced to the engine first, which may hold the caller for a while. What
// the operations promise is written in production.h.

#include <memory>
#include <type_traits>

#include "runtime/os/engine.h"
#include "runtime/os/production.h"
#include "runtime/os/statistic.h"

namespace rt::os_instrumented {

inline constexpr bool model_sized = false;
inline constexpr const char* flavor = "instrumented";

using engine::Name;
using engine::ObjectId;
using engine::OpKind;
using rt::Site;

inline void announce(OpKind k, Site at) { engine::step(engine::Op{.kind = k, .site = at}); }
inline void announce(OpKind k, ObjectId object, Site at) {
  engine::step(engine::Op{.kind = k, .object = object, .site = at});
}

constexpr ObjectId number_for(const Name& name) {
  if (std::is_constant_evaluated()) return 0;
  return engine::new_object(name);
}

template <class T>
class Atomic {
 public:
  constexpr explicit Atomic(T v, const Name& name = {}) noexcept : v_(v), id_(number_for(name)) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(std::memory_order o, Site at = {}) const {
    announce(OpKind::load, o, at);
    return v_.load(o);
  }
  void store(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::store, o, at);
    v_.store(v, o);
  }
  T exchange(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::rmw, o, at);
    return v_.exchange(v, o);
  }
  T fetch_add(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::rmw, o, at);
    return v_.fetch_add(v, o);
  }
  T fetch_sub(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::rmw, o, at);
    return v_.fetch_sub(v, o);
  }
  T fetch_or(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::rmw, o, at);
    return v_.fetch_or(v, o);
  }
  T fetch_and(T v, std::memory_order o, Site at = {}) {
    announce(OpKind::rmw, o, at);
    return v_.fetch_and(v, o);
  }
  bool cas_strong(T& expected, T desired, std::memory_order s, std::memory_order f, Site at = {}) {
    announce(OpKind::rmw, s, at);
    return v_.cas_strong(expected, desired, s, f);
  }
  bool cas_weak(T& expected, T desired, std::memory_order s, std::memory_order f, Site at = {}) {
    announce(OpKind::rmw, s, at);
    return v_.cas_weak(expected, desired, s, f);
  }
  T peek(std::memory_order o = relaxed) const { return v_.peek(o); }

  // Under another number: what has been traced keeps its name.
  void name(const Name& name) { id_.set(engine::new_object(name)); }

  const os_production::Atomic<T>& native() const { return v_; }
  ObjectId object() const { return id_.get(); }

 private:
  void announce(OpKind k, std::memory_order o, Site at) const {
    engine::step(engine::Op{.kind = k, .order = o, .object = object(), .site = at});
  }

  os_production::Atomic<T> v_;
  Statistic<ObjectId> id_;  // a word may be renamed while others use it
};

inline void fence(std::memory_order o, Site at = {}) {
  engine::step(engine::Op{.kind = OpKind::fence, .order = o, .site = at});
  os_production::fence(o);
}

inline void race_window(Window w, Site at = {}) {
  engine::step(engine::Op{.kind = OpKind::window, .window = w, .site = at});
}
inline bool upheld(Safeguard s) { return !engine::lifted(s); }

inline void futex_wait(const Atomic<std::uint32_t>& word, std::uint32_t expected, Duration timeout, Site at = {}) {
  announce(OpKind::futex_wait, word.object(), at);
  os_production::futex_wait(word.native(), expected, timeout);
}
inline int futex_wake(const Atomic<std::uint32_t>& word, int count, Site at = {}) {
  announce(OpKind::futex_wake, word.object(), at);
  return os_production::futex_wake(word.native(), count);
}

// Locks have no numbers on real threads: who holds one is judged in the simulation.
class LockWatch {
 public:
  explicit LockWatch(const Name& = {}) {}
  void acquiring(Site at) { engine::lock_event(engine::LockEvent::acquiring, 0, at); }
  void acquired(Site at) { engine::lock_event(engine::LockEvent::acquired, 0, at); }
  void releasing(Site at) { engine::lock_event(engine::LockEvent::releasing, 0, at); }
};

class Thread {
 public:
  [[nodiscard]] bool start(void (*entry)(void*), void* argument, const char* role, Site at = {}) {
    announce(OpKind::thread_start, at);
    auto body = std::make_unique<Body>(Body{entry, argument, at});
    if (!thread_.start(&run, body.get(), role)) return false;
    static_cast<void>(body.release());  // the thread's
    return true;
  }
  void join(Site at = {}) {
    announce(OpKind::thread_join, at);
    thread_.join();
  }
  bool joinable() const { return thread_.joinable(); }

 private:
  struct Body {
    void (*entry)(void*);
    void* argument;
    Site at;  // where the thread begins and ends
  };
  static void run(void* own) {
    const std::unique_ptr<Body> body(static_cast<Body*>(own));
    body->entry(body->argument);
    announce(OpKind::thread_exit, body->at);
  }

  os_production::Thread thread_;
};

using os_production::slot;

// Reported from within the time in which the thread holds the word.
inline void set_slot(void* value) {
  if (value == nullptr) engine::slot_changes(value);
  os_production::set_slot(value);
  if (value != nullptr) engine::slot_changes(value);
}

inline Instant now(Site at = {}) {
  announce(OpKind::clock, at);
  return os_production::now();
}
inline void sleep(Duration d, Site at = {}) {
  announce(OpKind::sleep, at);
  os_production::sleep(d);
}
inline void relax(Site at = {}) {
  announce(OpKind::relax, at);
  os_production::relax();
}
inline void yield(Site at = {}) {
  announce(OpKind::relax, at);
  os_production::yield();
}
inline std::uint32_t choose(std::uint32_t n, Site at = {}) {
  announce(OpKind::choose, at);
  return os_production::choose(n);
}

inline Stack stack_allocate(std::size_t size, Site at = {}) {
  announce(OpKind::stack_allocate, at);
  return os_production::stack_allocate(size);
}
inline void stack_release(Stack s, Site at = {}) {
  announce(OpKind::stack_release, at);
  os_production::stack_release(s);
}
inline void stacks_release(std::span<Stack> stacks, Site at = {}) {
  announce(OpKind::stack_release, at);
  os_production::stacks_release(stacks);
}

inline int pipe_open(Descriptor ends[2], Site at = {}) {
  announce(OpKind::file_open, at);
  return os_production::pipe_open(ends);
}
inline void close(Descriptor fd, Site at = {}) {
  announce(OpKind::file_close, at);
  os_production::close(fd);
}
inline long read(Descriptor fd, void* to, std::size_t n, Site at = {}) {
  announce(OpKind::file_read, at);
  return os_production::read(fd, to, n);
}
inline long write(Descriptor fd, const void* from, std::size_t n, Site at = {}) {
  announce(OpKind::file_write, at);
  return os_production::write(fd, from, n);
}

class Poller {
 public:
  [[nodiscard]] bool open(Site at = {}) {
    announce(OpKind::poll_open, at);
    return poller_.open();
  }
  void close(Site at = {}) {
    announce(OpKind::poll_close, at);
    poller_.close();
  }
  [[nodiscard]] bool add(Descriptor fd, void* token, Site at = {}) {
    announce(OpKind::poll_change, at);
    return poller_.add(fd, token);
  }
  void remove(Descriptor fd, Site at = {}) {
    announce(OpKind::poll_change, at);
    poller_.remove(fd);
  }
  int wait(PollEvent* events, int capacity, Duration timeout, Site at = {}) {
    announce(OpKind::poll_wait, at);
    return poller_.wait(events, capacity, timeout);
  }
  void wake(Site at = {}) {
    announce(OpKind::poll_wake, at);
    poller_.wake();
  }
  void drain(Site at = {}) {
    announce(OpKind::poll_change, at);
    poller_.drain();
  }

 private:
  os_production::Poller poller_;
};

[[noreturn]] inline void fatal(Fatal kind, const char* message) noexcept {
  engine::gives_up(kind, message), os_production::fatal(kind, message);
}

}  // namespace rt::os_instrumented
