#pragma once
// Hunting: many schedules over some workloads. The seed of each is derived from the
// base seed and its number, so that the token of a finding stands alone.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/pool.h"

namespace jitterbug {

struct HuntRequest {
  std::vector<std::string> workloads;  // taken in turns
  std::string strategy = "random";     // where the backend leaves it open
  std::string noise;                   // as in Plan
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> schedules;
  double seconds = 0;                  // 0: no limit
  int jobs = 1;
  std::uint64_t enough = std::numeric_limits<std::uint64_t>::max();  // as in Batch
  double hang_seconds = 0;             // as in Batch
  bool coverage = false;               // as in Batch
  std::string lifted;                  // id of a row, or empty
  std::uint64_t storm_steps = 0;       // as in Plan
  std::uint64_t calm_steps = 0;
  std::map<std::string, std::int64_t> fixed;
};

// Schedules of a hunt that is limited neither in number nor in time.
std::uint64_t hunt_schedules_default();

// The plan of one schedule of a hunt.
Plan hunt_plan(const HuntRequest& request, std::uint64_t index);

// Throws as Backend::check and run_batch() do; nothing has run when it is a usage error.
// `found` and `save` are called as a batch calls its own.
BatchResult hunt(const HuntRequest& request, const ProgressCallback& progress, const FoundCallback& found = nullptr,
                 const SaveCallback& save = nullptr);

// As Backend::check, for plans of a campaign: their strategy may be the portfolio.
void check_campaign_plan(const Plan& plan);

// As hunt(), before anything else happens.
void check_hunt(const HuntRequest& request);

}  // namespace jitterbug
