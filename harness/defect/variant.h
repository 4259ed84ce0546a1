#pragma once
// Which patched scheduler this binary was linked with, and where the other
// variants of the tool lie.

#include <string>
#include <string_view>

namespace jitterbug {

// ---- Each binary links one definition: variant_none.cc, or variant.cc built for its row

// The row whose patch is compiled in; empty in the ordinary tool.
std::string_view linked_patch();

// Why the scheduler of this binary is the one in the tree although linked_patch() names a
// row: its patch does not fit the sources. Empty: it does.
std::string_view patch_misfit();

// The same in two binaries whose schedulers were built from the same sources, patches apart.
std::string_view scheduler_digest();

// ------------------------------------------------------------------------------------

// The variant of the tool for a row of kind patch, or the tool itself for an empty row,
// looked for beside the running binary and in its runfiles. Empty: not built.
std::string find_variant(std::string_view row, std::string_view tool = "jitterbug");

}  // namespace jitterbug
