#include "harness/campaign/shared_state.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "harness/campaign/errors.h"

namespace jitterbug {

void UnmapSharedState::operator()(SharedState* state) const { munmap(state, sizeof(SharedState)); }

SharedStatePtr map_shared_state() {
  void* memory = mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw ToolError(std::string("cannot map memory to share with workers: ") + std::strerror(errno));
  }
  return SharedStatePtr(static_cast<SharedState*>(memory));
}

}  // namespace jitterbug
