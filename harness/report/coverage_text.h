#pragma once
// How far a campaign got with each window, for a person.

#include <string>

#include "harness/campaign/hunt.h"

namespace jitterbug {

// One line per window, then what was never reached, then what a hunt ends with.
std::string coverage_text(const HuntRequest& request, const BatchResult& result);

}  // namespace jitterbug
