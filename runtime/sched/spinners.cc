#include "runtime/sched/spinners.h"

#include "runtime/base/check.h"
#include "runtime/sched/m.h"

namespace rt {

bool Spinners::raise_first_and_search() {
  if (!raise_first()) return false;
  clear_request();
  return true;
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
