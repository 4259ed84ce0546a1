#pragma once
// Whether this binary can lift a row of the bank.

#include <optional>
#include <string>

#include "runtime/os/vocabulary.h"

namespace jitterbug {

// `lifted`: of a plan, empty for none. Throws UsageError when no such row can be lifted,
// ImpossibleError when the patch compiled in is not this row's.
void check_lifted(const std::string& lifted);

// The safeguard to switch off; none for a patch and for no row.
std::optional<rt::Safeguard> lifted_safeguard(const std::string& lifted);

}  // namespace jitterbug
