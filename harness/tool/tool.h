#pragma once
// The tool, whatever workloads it is linked with.



namespace jitterbug {

// What main() does. Returns the exit code (base/errors.h); every error is one
// line on standard error.
int run_tool(int argc, char** argv);

}  // namespace jitterbug
