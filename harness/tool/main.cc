#include "harness/tool/tool.h"
#include "stressors/stressor.h"

int main(int argc, char** argv) { return jitterbug::run_tool(argc, argv, jitterbug::stressors()); }
