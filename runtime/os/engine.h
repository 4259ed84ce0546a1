#pragma once
// What the instrumented and the simulated flavour ask of an engine. Declared
// here, defined by whoever drives the run; production never sees this file.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "runtime/os/site.h"
#include "runtime/os/vocabulary.h"

namespace rt::engine {

enum class OpKind : std::uint8_t {
  load, store, rmw, fence,                      // on an atomic word
  window,                                       // a named race window
  futex_wait, futex_wake,
  thread_start, thread_join, thread_exit,
  sleep, clock, relax,
  poll_open, poll_close, poll_wait, poll_change, poll_wake,
  file_open, file_close, file_read, file_write,
  stack_allocate, stack_release,
  choose,                                       // a decision of the program itself
  count
};

// Objects are numbered in the order of their construction within a run; 0 is an
// object that was made outside a run.
using ObjectId = std::uint32_t;

// What a person reads in the place of an object's number: a literal, in which the first # stands for
// `number` and the second one for `index`. {"P#.queue[#]", 3, 7} is P3.queue[7].
struct Name {
  const char* text = nullptr;  // null: it has none
  std::uint32_t number = 0;
  std::uint32_t index = 0;

  constexpr Name() = default;
  constexpr Name(const char* literal, std::int64_t n = 0, std::size_t i = 0)
      : text(literal), number(static_cast<std::uint32_t>(n)), index(static_cast<std::uint32_t>(i)) {}
};

// An operation a thread is about to perform. Two words, which are passed in registers.
struct Op {
  OpKind kind = OpKind::relax;
  Window window = Window::count;             // set for OpKind::window only
  std::memory_order order : 8 = relaxed;     // of an atomic or a fence; of a compare-exchange, that of its success
  ObjectId object = 0;
  Site site{};
};
static_assert(sizeof(Op) == 16 && std::is_trivially_copyable_v<Op>);

// ---- Both flavours ----------------------------------------------------------

// Announces an operation. Returns when the caller may perform it.
void step(Op op);

// A number for a word or a lock that comes into being. 0: it needs none, for nobody tells it from others.
ObjectId new_object(const Name& name);

// Is the defect behind this safeguard armed?
bool lifted(Safeguard s);

// A lock of the runtime changes hands. Reported by the lock itself.
enum class LockEvent : std::uint8_t { acquiring, acquired, releasing };
void lock_event(LockEvent e, ObjectId lock, Site site);

// ---- Instrumented flavour only ----------------------------------------------

// The calling thread's word is about to become null, or has become `value`.
void slot_changes(void* value);

// The runtime gives up, and says why. If this returns, the process ends.
void gives_up(Fatal kind, const char* message);

// ---- Simulated flavour only -------------------------------------------------

// What a word or a lock of this run is called now.
Name name_of(ObjectId object);
void rename_object(ObjectId object, const Name& name);

// A number in [0, n): a decision that is the program's, not the thread order's.
std::uint32_t choose(std::uint32_t n, Site site);

// Faults: answers that the layer below is allowed to give.
enum class Fault : std::uint8_t {
  spurious_wake,      // futex_wait returns although nobody woke it
  weak_cas,           // a weak compare-exchange fails alone
  late_timer,         // a sleep or a time-out overshoots
  interrupted_poll,   // the poller returns early with nothing (EINTR)
  no_thread,          // thread creation fails (EAGAIN)
  count
};
bool fault(Fault f);

Instant now();
void sleep(Duration d);
void relax(Site site);

// Blocks the caller until a wake on `word`, the time-out, or a spurious return.
void futex_block(ObjectId word, Duration timeout);
int futex_wake(ObjectId word, int count);

using ThreadId = std::uint32_t;
inline constexpr ThreadId no_thread = ~ThreadId{0};
// no_thread: EAGAIN. `site` is where the thread begins and ends as well.
ThreadId thread_start(void (*entry)(void*), void* argument, const char* role, Site site);
void thread_join(ThreadId t);
ThreadId thread_self();

// One word per thread. The engine sees every change: two threads that hold the
// same value at once is an error of the program.
void* slot();
void set_slot(void* value);

Stack stack_allocate(std::size_t size);
void stack_release(Stack s);

int pipe_open(Descriptor ends[2]);  // read end, write end; 0 or -errno
long file_read(Descriptor fd, void* to, std::size_t n);
long file_write(Descriptor fd, const void* from, std::size_t n);
void file_close(Descriptor fd);

using PollerId = std::uint32_t;
PollerId poller_open();
void poller_close(PollerId p);
bool poller_add(PollerId p, Descriptor fd, void* token);
void poller_remove(PollerId p, Descriptor fd);
int poller_wait(PollerId p, PollEvent* events, int capacity, Duration timeout);
void poller_wake(PollerId p);
void poller_drain(PollerId p);

[[noreturn]] void fatal(Fatal kind, const char* message);

}  // namespace rt::engine
