#pragma once
// The tool, whatever stressors it is linked with.

#include <span>

#include "stressors/stressor.h"

namespace jitterbug {

// What main() does. Returns the exit code (base/errors.h); every error is one
// line on standard error.
int run_tool(int argc, char** argv, std::span<const Stressor> stressors);

}  // namespace jitterbug
