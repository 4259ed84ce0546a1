#include "harness/defect/variant.h"

#include "harness/defect/scheduler_digest.h"

#if !defined(JITTERBUG_VARIANT) || !defined(JITTERBUG_FIT)
#error "the build names the row this binary is patched for, and the header that says whether its patch fits"
#endif
#include JITTERBUG_FIT

namespace jitterbug {

std::string_view linked_patch() { return JITTERBUG_VARIANT; }
std::string_view patch_misfit() { return patch_misfit_text; }
std::string_view scheduler_digest() { return scheduler_digest_text; }

}  // namespace jitterbug
