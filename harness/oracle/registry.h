#pragma once
// All oracles of the simulation.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "harness/oracle/oracle.h"

namespace jitterbug {

struct OracleInfo {
  const char* id;        // "O1".."O16"
  const char* name;      // what it watches over
  const char* sentence;  // the property, as a statement that must hold
  std::unique_ptr<Oracle> (*make)();
};

// In the order in which they are asked: the specific ones before those that see
// only that something is wrong.
std::span<const OracleInfo> oracles();

// A fresh set for one run.
std::vector<std::unique_ptr<Oracle>> make_oracles();

}  // namespace jitterbug
