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

struct Mutex : rl::test_suite<Mutex, 3> {
  rl::mutex mutex;
  rl::var<int> counter;

  void before() { counter($) = 0; }
  void thread(unsigned) {
    for (int i = 0; i < 10; ++i) {
      mutex.lock($);
      counter($) = counter($) + 1;
      mutex.unlock($);
    }
  }
  void after() { RL_ASSERT(counter($) == 30); }
};

struct Buffer : rl::test_suite<Buffer, 4> {
  rl::mutex mutex;
  rl::condition_variable not_full, not_empty;
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
    mutex.lock($);
    while (held($) == 2) not_full.wait(mutex, $);
    held($) = held($) + 1;
    not_empty.notify_one($);
    mutex.unlock($);
  }
  void consume() {
    mutex.lock($);
    while (held($) == 0) not_empty.wait(mutex, $);
    held($) = held($) - 1;
    taken($) = taken($) + 1;
    not_full.notify_one($);
    mutex.unlock($);
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
bool relacy_mutex(std::uint64_t executions) { return simulate<Mutex>(executions); }
bool relacy_buffer(std::uint64_t executions) { return simulate<Buffer>(executions); }

}  // namespace jitterbug
