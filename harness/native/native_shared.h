#pragma once
// What a process that runs a plan on real threads, and its parent, have both. It outlives any crash.

#include "harness/native/native_trace.h"
#include "harness/scene/scene.h"

namespace jitterbug {

// Valid when all its bytes are zero.
struct NativeShared {
  Ledger ledger;
  NativeTrace trace;
};

}  // namespace jitterbug
