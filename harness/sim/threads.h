#pragma once
// The virtual threads of a run: which there are, what each one waits for, and the list of those
// that a strategy may pick.
//
// Not thread-safe: part of one machine. References to threads stay valid until
// reset().

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/strategy/strategy.h"
#include "runtime/os/engine.h"
#include "runtime/os/fiber.h"

namespace jitterbug {

inline constexpr std::size_t live_threads_max = 256;
inline constexpr std::size_t role_length_max = 23;  // longer roles are cut
inline constexpr std::uint32_t no_place = ~std::uint32_t{0};

enum class Wait : std::uint8_t {
  nothing,  // the thread can run
  time,     // sleeps
  futex,    // object: the word
  join,     // object: the thread waited for
  poll,     // object: the poller
  ended,
  count
};

// The threads of one role. Roles outlive the run: the next one is likely to have the same.
struct Role {
  char text[role_length_max + 1] = {};
  std::size_t length = 0;
  int live = 0;  // its threads that have not ended

  std::string_view name() const { return {text, length}; }
};

struct VirtualThread {
  rt::os_fiber::Fiber fiber;
  rt::Stack stack;
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  rt::Site started_at;
  Role* role = nullptr;

  ThreadId id = 0;
  Wait wait = Wait::nothing;
  bool relaxing = false;       // it spins, and no other thread has moved since
  bool timed_out = false;      // its last wait ended by its deadline
  bool waited = false;         // it has waited in the operation that it has announced
  std::uint32_t waits_on = 0;  // object of the wait
  std::uint64_t ticket = 0;    // order in which the waits began
  std::uint64_t steps_since_relax = 0;
  std::uint32_t place = no_place;  // its index among the candidates
  bool joined = false;
  VirtualThread* joiner = nullptr;  // who waits for its end

  Op announced;  // what it does next, or is blocked in
  rt::Window last_window = rt::Window::count;
  void* slot = nullptr;

  bool can_run() const { return wait == Wait::nothing; }
  std::string name() const { return std::string(role->name()) + "#" + std::to_string(id); }
};

class Threads {
 public:
  void reset();

  // A new thread that can run, with the next number.
  VirtualThread& add(std::string_view role, rt::Site started_at = {});
  // The thread has ended: it is live no more, its record stays.
  void end(VirtualThread& t);

  bool known(ThreadId id) const { return id < count_; }
  VirtualThread& operator[](ThreadId id) { return *all_[id]; }
  const VirtualThread& operator[](ThreadId id) const { return *all_[id]; }

  // For ThreadSanitizer: what the threads have done happens before what the caller does next.
  void precede_caller();

  // Threads that have not ended, in order of number.
  const std::vector<VirtualThread*>& live() const { return live_; }
  int live_in(std::string_view role) const;
  std::size_t runnable_count() const { return runnable_; }
  std::uint32_t waiting(Wait why) const { return waiting_[static_cast<std::size_t>(why)]; }

  void begin_wait(VirtualThread& t, Wait why, std::uint32_t object);
  void end_wait(VirtualThread& t);

  // Threads in this wait, the longest waiting first. Valid until the next call.
  std::span<VirtualThread* const> waiters(Wait why, std::uint32_t object);

  // Another operation is now announced by `t`.
  void announce(VirtualThread& t, Op op) {
    t.announced = op;
    t.waited = false;
    if (!stale_ && t.place != no_place) candidates_[t.place].op = op;
  }

  // ---- Spinning ------------------------------------------------------------
  void lower(VirtualThread& t) { set_relaxing(t, true); }
  // A thread has moved: spinners may look again.
  void raise_all() {
    if (relaxing_ != 0) raise_all_but(nullptr);
  }
  void raise_others(const VirtualThread& mover) {
    if (relaxing_ > (mover.relaxing ? 1u : 0u)) raise_all_but(&mover);
  }
  // Every thread that can run has relaxed within its last `within` steps.
  bool everyone_spins(std::uint64_t within) const;
  // The next spinning thread after `after`, in cyclic order of numbers.
  ThreadId next_spinner(ThreadId after) const;

  // ---- Candidates ----------------------------------------------------------
  // Threads that can run and do not spin; if all spin, all of them. In order of
  // number; valid until a thread starts, ends, waits, wakes or spins.
  std::span<const Candidate> candidates() {
    if (stale_) collect_candidates();
    return {candidates_.data(), candidate_count_};
  }
  // As of candidates():
  bool only_spinners() const { return relaxing_ == runnable_; }
  std::uint32_t spinners_left_out() const { return only_spinners() ? 0 : relaxing_; }
  bool is_candidate(const VirtualThread& t) const { return t.place != no_place; }
  // The candidate of this number; null: it is none.
  VirtualThread* candidate(ThreadId id) {
    return id < count_ && is_candidate(*all_[id]) ? all_[id].get() : nullptr;
  }

 private:
  void raise(VirtualThread& t) { set_relaxing(t, false); }
  void set_relaxing(VirtualThread& t, bool relaxing) {
    if (t.relaxing == relaxing) return;
    t.relaxing = relaxing;
    relaxing_ += relaxing ? 1 : -1;
    stale_ = true;
  }
  Role* find_role(std::string_view name) const;  // null: no thread has had it
  Role& role_named(std::string_view name);
  void raise_all_but(const VirtualThread* mover);
  void collect_candidates();
  // `op` is what the thread has announced. The processor would have to wait for what add() has
  // just written to the record in small pieces, were it read in large ones.
  void put_candidate(VirtualThread& t, Op op, std::size_t place);
  void insert_candidate(VirtualThread& t, Op op);
  void remove_candidate(VirtualThread& t);

  std::vector<std::unique_ptr<VirtualThread>> all_;  // by number; records outlive the run
  ThreadId count_ = 0;
  std::vector<std::unique_ptr<Role>> roles_;  // few
  std::vector<VirtualThread*> live_;
  std::vector<VirtualThread*> found_;
  std::vector<Candidate> candidates_;  // the first candidate_count_ of them
  std::size_t candidate_count_ = 0;
  std::uint32_t runnable_ = 0;
  std::uint32_t relaxing_ = 0;
  std::array<std::uint32_t, static_cast<std::size_t>(Wait::count)> waiting_{};  // threads, by wait
  std::uint64_t tickets_ = 0;
  bool stale_ = false;  // candidates_ has to be collected again; while no thread spins it is kept up to date
};

// A thread that waits and is woken does little else than this.

inline void Threads::put_candidate(VirtualThread& t, Op op, std::size_t place) {
  t.place = static_cast<std::uint32_t>(place);
  Candidate& c = candidates_[place];
  c.thread = t.id;
  c.op = op;
}

inline void Threads::insert_candidate(VirtualThread& t, Op op) {
  stale_ |= relaxing_ != 0;  // whether spinners are candidates depends on who else can run
  if (stale_) return;
  if (candidates_.size() == candidate_count_) candidates_.resize(2 * candidate_count_ + 8);
  std::size_t place = candidate_count_++;
  for (; place != 0 && candidates_[place - 1].thread > t.id; --place) {
    VirtualThread& moved = *all_[candidates_[place - 1].thread];
    put_candidate(moved, moved.announced, place);
  }
  put_candidate(t, op, place);
}

inline void Threads::remove_candidate(VirtualThread& t) {
  const std::uint32_t left = std::exchange(t.place, no_place);
  stale_ |= relaxing_ != 0;
  if (stale_) return;
  --candidate_count_;
  for (std::size_t place = left; place != candidate_count_; ++place) {
    VirtualThread& moved = *all_[candidates_[place + 1].thread];
    put_candidate(moved, moved.announced, place);
  }
}

inline void Threads::begin_wait(VirtualThread& t, Wait why, std::uint32_t object) {
  raise(t);
  t.wait = why;
  t.waits_on = object;
  t.ticket = ++tickets_;
  t.timed_out = false;
  t.waited = true;
  ++waiting_[static_cast<std::size_t>(why)];
  --runnable_;
  remove_candidate(t);
}

inline void Threads::end_wait(VirtualThread& t) {
  --waiting_[static_cast<std::size_t>(t.wait)];
  t.wait = Wait::nothing;
  ++runnable_;
  insert_candidate(t, t.announced);
}

}  // namespace jitterbug
