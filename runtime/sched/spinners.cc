#include "runtime/sched/spinners.h"

#include "runtime/base/check.h"
#include "runtime/sched/m.h"

namespace rt {

bool Spinners::raise_first() {
  std::int32_t expected = 0;
  return nmspinning_.cas_strong(expected, 1, seq_cst, relaxed);  // (A3) pairs with (B2)
}

bool Spinners::raise_first_and_search() {
  if (!raise_first()) return false;
  clear_request();
  return true;
}

void Spinners::lower() {
  const std::int32_t was = nmspinning_.fetch_sub(1, seq_cst);  // (B2) pairs with (A3)
  check(was > 0, "spinners: nmspinning is not negative");
}

void Spinners::become(M* mp) {
  mp->spinning.set(true);
  raise_and_search();
}

void Spinners::stop(M* mp) {
  check(mp->spinning.get(), "spinners: only a spinner stops being one");
  mp->spinning.set(false);
  lower();
}

void Spinners::request(Held) {
  const std::uint32_t was = needspinning_.exchange(1, seq_cst);  // publishes the request to requested()
  if (was == 0) requests_.add(1);
}

bool Spinners::requested(Held) const {
  return needspinning_.load(seq_cst) != 0;  // ordered by the scheduler lock
}

void Spinners::answer(Held, M* mp) {
  answers_.add(1);
  become(mp);
}

void Spinners::answer(Held) {
  answers_.add(1);
  raise_and_search();
}

// The count comes first: a thread that finds the request gone finds the spinner.
void Spinners::raise_and_search() {
  nmspinning_.fetch_add(1, seq_cst);  // publishes the spinner to (A3)
  clear_request();
}

void Spinners::clear_request() {
  os::race_window(Window::needspinning_clear);
  if (!os::upheld(Safeguard::become_spinning_clears_request)) return;
  needspinning_.store(0, seq_cst);  // publishes to requested(): a spinner exists and will search
}

}  // namespace rt
