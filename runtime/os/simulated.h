#pragma once
// The simulated flavour: nothing here touches the machine. Each operation is
// announced to the engine, which decides who runs next; it is then performed on
// a real std::atomic with the caller's order, so that a race detector sees the
// orders the program asked for although one OS thread runs everything.

#include <cstring>
#include <span>
#include <type_traits>

#include "runtime/os/engine.h"

namespace rt::os_simulated {

inline constexpr bool model_sized = true;
inline constexpr const char* flavor = "simulated";

using engine::Name;
using engine::ObjectId;
using engine::Op;
using engine::OpKind;
using rt::Site;

inline void announce(OpKind k, Site at) { engine::step(Op{.kind = k, .site = at}); }
inline void announce(OpKind k, ObjectId object, Site at) { engine::step(Op{.kind = k, .object = object, .site = at}); }

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
    return v_.compare_exchange_strong(expected, desired, s, f);
  }
  bool cas_weak(T& expected, T desired, std::memory_order s, std::memory_order f, Site at = {}) {
    announce(OpKind::rmw, s, at);
    if (engine::fault(engine::Fault::weak_cas)) {
      expected = v_.load(f);
      return false;
    }
    return v_.compare_exchange_strong(expected, desired, s, f);
  }
  T peek(std::memory_order o = relaxed) const { return v_.load(o); }

  void name(const Name& name) { engine::rename_object(id_, name); }

  ObjectId object() const { return id_; }

 private:
  void announce(OpKind k, std::memory_order o, Site at) const {
    engine::step(Op{.kind = k, .order = o, .object = id_, .site = at});
  }

  std::atomic<T> v_;
  ObjectId id_;
};

inline void fence(std::memory_order o, Site at = {}) {
  engine::step(Op{.kind = OpKind::fence, .order = o, .site = at});
  std::atomic_thread_fence(o);
}

inline void race_window(Window w, Site at = {}) {
  engine::step(Op{.kind = OpKind::window, .window = w, .site = at});
}
inline bool upheld(Safeguard s) { return !engine::lifted(s); }

inline void futex_wait(const Atomic<std::uint32_t>& word, std::uint32_t expected, Duration timeout, Site at = {}) {
  announce(OpKind::futex_wait, word.object(), at);
  // The comparison and the block are one step, as in the kernel.
  if (word.peek() != expected) return;
  engine::futex_block(word.object(), timeout);
}
inline int futex_wake(const Atomic<std::uint32_t>& word, int count, Site at = {}) {
  announce(OpKind::futex_wake, word.object(), at);
  return engine::futex_wake(word.object(), count);
}

class LockWatch {
 public:
  explicit LockWatch(const Name& name = {}) : id_(engine::new_object(name)) {}

  void acquiring(Site at) { engine::lock_event(engine::LockEvent::acquiring, id_, at); }
  void acquired(Site at) { engine::lock_event(engine::LockEvent::acquired, id_, at); }
  void releasing(Site at) { engine::lock_event(engine::LockEvent::releasing, id_, at); }

 private:
  ObjectId id_;
};

class Thread {
 public:
  [[nodiscard]] bool start(void (*entry)(void*), void* argument, const char* role, Site at = {}) {
    announce(OpKind::thread_start, at);
    const engine::ThreadId id = engine::thread_start(entry, argument, role, at);
    // The new thread may run, and end, before its maker learns its number.
    announce(OpKind::thread_start, at);
    id_ = id;
    joinable_ = id != engine::no_thread;
    return joinable_;
  }
  void join(Site at = {}) {
    announce(OpKind::thread_join, id_ != engine::no_thread ? id_ : 0, at);
    engine::thread_join(id_);
    joinable_ = false;
  }
  bool joinable() const { return joinable_; }

 private:
  engine::ThreadId id_ = engine::no_thread;
  bool joinable_ = false;
};

inline void* slot() { return engine::slot(); }
inline void set_slot(void* value) { engine::set_slot(value); }

inline Instant now(Site at = {}) {
  announce(OpKind::clock, at);
  return engine::now();
}
inline void sleep(Duration d, Site at = {}) {
  announce(OpKind::sleep, at);
  engine::sleep(d);
}
inline void relax(Site at = {}) { engine::relax(at); }
inline void yield(Site at = {}) { engine::relax(at); }
inline std::uint32_t choose(std::uint32_t n, Site at = {}) { return engine::choose(n, at); }

inline Stack stack_allocate(std::size_t size, Site at = {}) {
  announce(OpKind::stack_allocate, at);
  return engine::stack_allocate(size);
}
inline void stack_release(Stack s, Site at = {}) {
  announce(OpKind::stack_release, at);
  engine::stack_release(s);
}
inline void stacks_release(std::span<Stack> stacks, Site at = {}) {
  for (const Stack& s : stacks) stack_release(s, at);
}

inline int pipe_open(Descriptor ends[2], Site at = {}) {
  announce(OpKind::file_open, at);
  return engine::pipe_open(ends);
}
inline long read(Descriptor fd, void* to, std::size_t n, Site at = {}) {
  announce(OpKind::file_read, static_cast<ObjectId>(fd), at);
  return engine::file_read(fd, to, n);
}
inline long write(Descriptor fd, const void* from, std::size_t n, Site at = {}) {
  announce(OpKind::file_write, static_cast<ObjectId>(fd), at);
  return engine::file_write(fd, from, n);
}
inline void close(Descriptor fd, Site at = {}) {
  announce(OpKind::file_close, static_cast<ObjectId>(fd), at);
  engine::file_close(fd);
}

class Poller {
 public:
  [[nodiscard]] bool open(Site at = {}) {
    announce(OpKind::poll_open, at);
    id_ = engine::poller_open();
    return true;
  }
  void close(Site at = {}) {
    announce(OpKind::poll_close, id_, at);
    engine::poller_close(id_);
  }
  [[nodiscard]] bool add(Descriptor fd, void* token, Site at = {}) {
    announce(OpKind::poll_change, id_, at);
    return engine::poller_add(id_, fd, token);
  }
  void remove(Descriptor fd, Site at = {}) {
    announce(OpKind::poll_change, id_, at);
    engine::poller_remove(id_, fd);
  }
  int wait(PollEvent* events, int capacity, Duration timeout, Site at = {}) {
    announce(OpKind::poll_wait, id_, at);
    return engine::poller_wait(id_, events, capacity, timeout);
  }
  void wake(Site at = {}) {
    announce(OpKind::poll_wake, id_, at);
    engine::poller_wake(id_);
  }
  void drain(Site at = {}) {
    announce(OpKind::poll_change, id_, at);
    engine::poller_drain(id_);
  }

 private:
  engine::PollerId id_ = 0;
};

[[noreturn]] inline void fatal(Fatal kind, const char* message) { engine::fatal(kind, message); }

}  // namespace rt::os_simulated
