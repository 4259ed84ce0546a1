#pragma once
// The command line of jitterbug: one verb, its options, an exit code (base/errors.h).

namespace jitterbug {

// Never throws. What goes wrong is one line on standard error.
int run_tool(int argc, char** argv);

}  // namespace jitterbug
