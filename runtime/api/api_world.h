#pragma once
// Tests of the public interface, the same in every flavour (see os/contract_world.h), each
// with several numbers of Ps.
//
// Where a test says "fails by hanging", what it claims is that something happens at all, and
// there is nothing to expect once it has.

#include <gtest/gtest.h>

#include "runtime/api/runtime.h"
#include "runtime/os/contract_world.h"

namespace rt {

using Flag = os::Atomic<bool>;
using Count = os::Atomic<int>;

class WithProcs : public ::testing::TestWithParam<int> {};

// Waits on the calling thread, and gives its processor away meanwhile.
inline void wait_for(const Flag& flag) {
  while (!flag.load(acquire)) os::yield();  // pairs with who raises it
}

// A loop after everybody has slept, for so long that sysmon sleeps deeply. Returns
// how long it took until the loop let another G run.
inline Duration loop_after_a_deep_sleep(int procs) {
  Flag stop{false};
  Duration taken = 0;
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    sleep(50 * millisecond);
    const Instant start = os::now();
    go([&] { stop.store(true, release); });    // publishes to the loop
    while (!stop.load(acquire)) checkpoint();  // pairs with the other G
    const Instant end = os::now();
    taken = end - start;
  });
  return taken;
}

}  // namespace rt

#define WITH_PROCS(claim)                                                           \
  static void with_procs_##claim(int procs);                                        \
  TEST_P(WithProcs, claim) {                                                        \
    rt::contract::in_world([procs = GetParam()] { with_procs_##claim(procs); });    \
  }                                                                                 \
  static void with_procs_##claim(int procs)
