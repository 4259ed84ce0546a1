#pragma once
// From one binary of the tool to another with the same verbs. Plans on real threads need
// another engine, and rows of kind patch a scheduler that was compiled differently: TOOL,
// and TOOL_ROW for a patch.

#include <string>
#include <string_view>

namespace jitterbug {

// Where the tool is, with this row's patch; empty row: as it is. Throws ImpossibleError if
// it was not built, was built from another state of the scheduler than this binary, or has no
// patch because that one does not fit the scheduler in the tree.
std::string variant_path(std::string_view tool, std::string_view row);

// If `wanted` is not `this_tool`, or this row is a patch and no patch is compiled into this
// binary: becomes the tool that has both, with the same arguments. Throws as variant_path().
void hand_over(std::string_view this_tool, std::string_view wanted, const std::string& lifted, char** argv);

}  // namespace jitterbug
