#include "harness/native/tool.h"
#include "stressors/stressor.h"

int main(int argc, char** argv) { return jitterbug::run_native_tool(argc, argv, jitterbug::stressors()); }
