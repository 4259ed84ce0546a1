#pragma once
// Which patched scheduler this binary was linked with, and where the other
// variants of the tool lie.

#include <string>
#include <string_view>

namespace jitterbug {

// The row whose patch is compiled in; empty in the ordinary tool. Each binary
// links one definition (variant_none.cc, or variant.cc built for its row).
std::string_view linked_patch();

// The variant of the tool for a row of kind patch, looked for beside the running
// binary and in its runfiles. Empty: not built.
std::string find_variant(std::string_view row, std::string_view tool = "jitterbug");

}  // namespace jitterbug
