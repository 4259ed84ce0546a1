// A word that is handed over without a release, on purpose. The engine must not
// synchronise the threads it disturbs: ThreadSanitizer still sees the race.

#include <gtest/gtest.h>

#include "harness/native/perturb.h"
#include "runtime/os/os.h"

namespace {

namespace os = rt::os;

struct Shared {
  int payload = 0;
  os::Atomic<bool> handed_over{false};
};

void hand_over_once() {
  Shared shared;
  os::Thread writer;
  ASSERT_TRUE(writer.start(
      [](void* to) {
        auto& s = *static_cast<Shared*>(to);
        s.payload = 1;
        os::race_window(rt::Window::submit_vs_last_spinner);
        s.handed_over.store(true, rt::relaxed);
      },
      &shared, "writer"));
  while (!shared.handed_over.load(rt::acquire)) os::relax();
  EXPECT_EQ(shared.payload, 1);
  writer.join();
}

// More than once: ThreadSanitizer remembers so many calls, and reports no race whose
// other half it has forgotten.
TEST(SeededError, AWordIsHandedOverWithoutARelease) {
  jitterbug::set_perturbation({.noise = jitterbug::NoisePolicy::parse("windows=sleep:50us,atomics=sleep:20us@1/2")});
  for (int i = 0; i < 50; ++i) hand_over_once();
  jitterbug::clear_perturbation();
}

}  // namespace
