#include <relacy/relacy.hpp>

#include <ostream>
#include <streambuf>

#include "harness/bench/programs.h"

namespace jitterbug {
namespace {

struct Increments : rl::test_suite<Increments, 2> {
  rl::atomic<int> word;

  void before() { word($) = 0; }
  void thread(unsigned) {
    word($).fetch_add(1);
    word($).fetch_add(1);
  }
  void after() { RL_ASSERT(word($) == 4); }
};

// Relacy's own, as the programs below call them.
class OwnMutex {
 public:
  void lock() { mutex_.lock($); }
  void unlock() { mutex_.unlock($); }

 private:
  friend class OwnCondition;
  rl::mutex mutex_;
};

class OwnCondition {
 public:
  void wait(OwnMutex& lock) { condition_.wait(lock.mutex_, $); }
  void notify_one() { condition_.notify_one($); }

 private:
  rl::condition_variable condition_;
};

// Those of simulation_bench.cc.
void futex_wait(rl::atomic<int>& word, int expected) { rl::rl_futex(&word, rl::RL_FUTEX_WAIT, expected, 0, 0, 0, $); }
void futex_wake(rl::atomic<int>& word) { rl::rl_futex(&word, rl::RL_FUTEX_WAKE, 1, 0, 0, 0, $); }

class FutexMutex {
 public:
  FutexMutex() { word_($) = 0; }
  void lock() {
    if (word_.exchange(1, rl::memory_order_acquire) == 0) return;
    while (word_.exchange(2, rl::memory_order_acquire) != 0) futex_wait(word_, 2);
  }
  void unlock() {
    if (word_.exchange(0, rl::memory_order_release) == 2) futex_wake(word_);
  }

 private:
  rl::atomic<int> word_;
};

class FutexCondition {
 public:
  FutexCondition() { signals_($) = 0; }
  void wait(FutexMutex& lock) {
    const int seen = signals_.load(rl::memory_order_relaxed);
    ++waiting_;
    lock.unlock();
    futex_wait(signals_, seen);
    lock.lock();
    --waiting_;
  }
  void notify_one() {
    signals_.fetch_add(1, rl::memory_order_relaxed);
    if (waiting_ != 0) futex_wake(signals_);
  }

 private:
  rl::atomic<int> signals_;
  int waiting_ = 0;
};

template <class Lock>
struct Mutex : rl::test_suite<Mutex<Lock>, 3> {
  Lock mutex;
  rl::var<int> counter;

  void before() { counter($) = 0; }
  void thread(unsigned) {
    for (int i = 0; i < 10; ++i) {
      mutex.lock();
      counter($) = counter($) + 1;
      mutex.unlock();
    }
  }
  void after() { RL_ASSERT(counter($) == 30); }
};

template <class Lock, class Condition>
struct Buffer : rl::test_suite<Buffer<Lock, Condition>, 4> {
  Lock mutex;
  Condition not_full, not_empty;
  rl::var<int> held, taken;

  void before() {
    held($) = 0;
    taken($) = 0;
  }
  void thread(unsigned number) {
    for (int i = 0; i < 4; ++i) {
      if (number < 2)
        produce();
      else
        consume();
    }
  }
  void after() { RL_ASSERT(taken($) == 8); }

  void produce() {
    mutex.lock();
    while (held($) == 2) not_full.wait(mutex);
    held($) = held($) + 1;
    not_empty.notify_one();
    mutex.unlock();
  }
  void consume() {
    mutex.lock();
    while (held($) == 0) not_empty.wait(mutex);
    held($) = held($) - 1;
    taken($) = taken($) + 1;
    not_full.notify_one();
    mutex.unlock();
  }
};

class Silence : public std::streambuf {
  int overflow(int c) override { return c; }
};

template <class Program>
bool simulate(std::uint64_t executions) {
  Silence silence;
  std::ostream nowhere(&silence);
  rl::test_params params;
  params.output_stream = &nowhere;
  params.progress_stream = &nowhere;
  params.search_type = rl::random_scheduler_type;
  params.iteration_count = executions;
  return rl::simulate<Program>(params);
}

}  // namespace

bool relacy_increments(std::uint64_t executions) { return simulate<Increments>(executions); }
bool relacy_mutex(std::uint64_t executions) { return simulate<Mutex<OwnMutex>>(executions); }
bool relacy_buffer(std::uint64_t executions) { return simulate<Buffer<OwnMutex, OwnCondition>>(executions); }
bool relacy_mutex_on_futexes(std::uint64_t executions) { return simulate<Mutex<FutexMutex>>(executions); }
bool relacy_buffer_on_futexes(std::uint64_t executions) {
  return simulate<Buffer<FutexMutex, FutexCondition>>(executions);
}

}  // namespace jitterbug
