#pragma once
// Rows of kind patch need a scheduler that was compiled differently: another binary
// with the same verbs, TOOL_ROW beside TOOL.

#include <string>
#include <string_view>

namespace jitterbug {

// Where the tool with this row's patch is. Throws ImpossibleError if it was not built.
std::string variant_path(std::string_view tool, std::string_view row);

// If this row is a patch, and no patch is compiled into this binary: becomes the tool
// that has it, with the same arguments. Throws ImpossibleError if there is none.
void hand_over(std::string_view tool, const std::string& lifted, char** argv);

}  // namespace jitterbug
