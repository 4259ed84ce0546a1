#include "harness/defect/variant.h"

#ifndef JITTERBUG_VARIANT
#error "JITTERBUG_VARIANT names the row this binary is patched for; the build sets it"
#endif

namespace jitterbug {

std::string_view linked_patch() { return JITTERBUG_VARIANT; }

}  // namespace jitterbug
