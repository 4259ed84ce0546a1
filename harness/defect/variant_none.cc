#include "harness/defect/variant.h"

namespace jitterbug {

std::string_view linked_patch() { return ""; }

}  // namespace jitterbug
