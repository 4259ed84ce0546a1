#pragma once
// One performance of a scripted race. The same question in the simulation
// (simulated.cc) and on real threads (native.cc).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/scene/race.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

struct Performance {
  bool failed = false;
  std::string oracle;    // when failed
  std::string sentence;
  std::string complaint; // why the script was not followed; empty: it was, or the run failed first
  std::string output;    // of a run on real threads: what it printed
  std::vector<std::string> trace;  // the last operations, when failed; in the simulation also when not followed
};

struct Performing {
  const Race* fix;
  std::uint64_t seed = 1;  // of what the script leaves open
  std::optional<rt::Safeguard> lifted = {};
};

Performance perform(const Performing& what);

// "simulation", "real threads".
extern const char* const perform_where;

}  // namespace jitterbug
