#pragma once
// All oracles that watch runs.

#include <memory>
#include <span>
#include <type_traits>

#include "harness/oracle/oracle.h"
#include "harness/scene/workload.h"

namespace jitterbug {

// Makes an oracle.
struct OracleMaker {
  std::unique_ptr<Oracle> (*make)();
  bool audits;  // its oracles want to be asked at audits

  std::unique_ptr<Oracle> operator()() const { return make(); }
};

template <class T>
inline constexpr OracleMaker made = {[]() -> std::unique_ptr<Oracle> { return std::make_unique<T>(); },
                                     !std::is_same_v<decltype(&T::audit), decltype(&Oracle::audit)>};

struct OracleInfo {
  OracleId id;
  // What must hold. A finding names the one that does not. If an invariant is about several
  // things, each counter say, ": " and the name of the thing follow.
  std::span<const char* const> invariants;
  OracleMaker make;
};

// The oracles of such workloads, in the order in which they are asked. Those that see what is
// wrong come before those that see only that the program does not go on.
std::span<const OracleInfo* const> oracles_of(Judges judges);

// Null: nobody has its class, as of a crash, which the parent of a process sees.
const OracleInfo* find_info(OracleId oracle);

}  // namespace jitterbug
