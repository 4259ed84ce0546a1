#pragma once
// Rows of kind patch need a scheduler that was compiled differently: another binary
// with the same verbs, TOOL_ROW beside TOOL.

#include <string>
#include <string_view>

namespace jitterbug {

// Where the tool with this row's patch is. Throws ImpossibleError if it was not built, was
// built from another state of the scheduler than this binary, or has no patch because that
// one does not fit the scheduler in the tree.
std::string variant_path(std::string_view tool, std::string_view row);

// If this row is a patch, and no patch is compiled into this binary: becomes the tool
// that has it, with the same arguments. Throws as variant_path().
void hand_over(std::string_view tool, const std::string& lifted, char** argv);

}  // namespace jitterbug
