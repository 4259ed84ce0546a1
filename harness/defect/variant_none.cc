#include "harness/defect/scheduler_digest.h"
#include "harness/defect/variant.h"

namespace jitterbug {

std::string_view linked_patch() { return ""; }
std::string_view patch_misfit() { return ""; }
std::string_view scheduler_digest() { return scheduler_digest_text; }

}  // namespace jitterbug
