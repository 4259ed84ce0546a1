#include "harness/tool/tool.h"

int main(int argc, char** argv) { return jitterbug::run_tool(argc, argv); }
