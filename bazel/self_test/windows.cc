// A window and safeguards in the forms the scheduler uses them in.

#include "runtime/os/os.h"

namespace rt {

extern os::Atomic<std::uint32_t> pending;

bool look_again(std::uint32_t limit) {
  os::race_window(Window::submit_vs_last_spinner);
  if (os::upheld(Safeguard::needspinning_tested_before_drop) && pending.load(acquire) > limit) return true;
  const auto order = os::upheld(Safeguard::become_spinning_clears_request) ? release : relaxed;
  pending.store(0, order);
  if (os::upheld(Safeguard::failed_wake_takes_spinner_back)) pending.fetch_sub(1, acq_rel);
  return false;
}

}  // namespace rt
