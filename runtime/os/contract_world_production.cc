#include "runtime/os/contract_world.h"

namespace rt::contract {

void in_world(const std::function<void()>& body) { body(); }

}  // namespace rt::contract
