#include "harness/native/tool.h"
#include "harness/scene/workload.h"

int main(int argc, char** argv) { return jitterbug::run_native_tool(argc, argv); }
