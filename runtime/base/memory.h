#pragma once
// Growth of the runtime's own tables when the system has no memory left.

#include <new>

namespace rt {

// Does what allocates. False: there was no memory, and nothing has changed.
template <class Act>
[[nodiscard]] bool allocated(Act act) {
  try {
    act();
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace rt
