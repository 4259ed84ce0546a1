#pragma once
// jitterbug_native, whatever workloads it is linked with.

#include <span>

#include "harness/scene/workload.h"

namespace jitterbug {

// What main() does. Returns the exit code (base/errors.h); every error is one
// line on standard error.
int run_native_tool(int argc, char** argv);

}  // namespace jitterbug
