#pragma once
// All oracles that watch runs.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "harness/oracle/oracle.h"
#include "harness/scene/workload.h"

namespace jitterbug {

struct OracleInfo {
  OracleId id;
  // What must hold. A finding names the one that does not. If an invariant is about several
  // things, each counter say, ": " and the name of the thing follow.
  std::span<const char* const> invariants;
  std::unique_ptr<Oracle> (*make)();
};

template <class T>
std::unique_ptr<Oracle> made() {
  return std::make_unique<T>();
}

// The oracles of such workloads, in the order in which they are asked. Those that see what is
// wrong come before those that see only that the program does not go on.
std::span<const OracleInfo* const> oracles_of(Judges judges);

// A fresh set for one run.
std::vector<std::unique_ptr<Oracle>> make_oracles(Judges judges);

}  // namespace jitterbug
