#pragma once
// Hunts over toys, for the tests of this folder.

#include <cstdint>
#include <string>

#include "harness/campaign/hunt.h"
#include "harness/toys/toys.h"

namespace jitterbug {

inline HuntRequest request_for(const std::string& stressor, std::uint64_t schedules) {
  HuntRequest request;
  request.stressors = {stressor};
  request.schedules = schedules;
  return request;
}

inline BatchResult run(const HuntRequest& request) { return hunt(request, toys(), nullptr); }

}  // namespace jitterbug
