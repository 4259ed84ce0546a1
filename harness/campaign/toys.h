#pragma once
// Stressors for the campaign's own tests: small programs on the seam alone, with
// known ways to fail, so that the tests depend on no scheduler.

#include <span>

#include "stressors/stressor.h"

namespace jitterbug {

//   toy_crash   one schedule in eight runs into SIGSEGV
//   toy_good    two threads add to one atomic word; never fails
//   toy_hang    one schedule in four loops without a step
//   toy_lost    two threads add with load and store; fails (O7) when an update is lost
std::span<const Stressor> toys();

}  // namespace jitterbug
