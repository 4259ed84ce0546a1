#pragma once
// Hunts over toys, for the tests of this folder.

#include <cstdint>
#include <string>

#include "harness/campaign/hunt.h"
#include "harness/toys/toys.h"

namespace jitterbug {

inline HuntRequest request_for(const std::string& workload, std::uint64_t schedules) {
  HuntRequest request;
  request.workloads = {workload};
  request.schedules = schedules;
  return request;
}

inline BatchResult run(const HuntRequest& request) { return hunt(request, nullptr); }

}  // namespace jitterbug
