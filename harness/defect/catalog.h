#pragma once
// The bank of defects that can be armed, one at a time, to prove that the suite
// bites. Each row removes one load-bearing step from the scheduler: either a
// safeguard that is lifted at run time, or a patch that is compiled into a variant
// of the tool. The rows are constant data; reading them is thread-safe.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/failure.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {

enum class DefectKind : std::uint8_t {
  safeguard,  // lifted at run time
  patch,      // compiled into the variant jitterbug_<id>
  pending,    // the scheduler has no such step yet; `reason` says what is missing
  equivalent, // the change makes no difference in this scheduler; `reason` says why
};

// What sees the armed scheduler go wrong.
enum class Detector : std::uint8_t {
  oracles,           // in any build
  thread_sanitizer,  // in a build with it; `reason` says why nothing else does
  address_sanitizer,
};

struct Defect {
  const char* id;        // "S3a"
  const char* origin;    // the fix it undoes and its issue, or "regression of" that fix
  const char* sentence;  // what the armed scheduler does
  DefectKind kind;
  rt::Safeguard safeguard;  // kind safeguard only; Safeguard::count otherwise
  const char* oracles;      // those that may catch it, "O1,O5"
  const char* windows;      // those it opens, by number, "1.1,2.11"
  const char* workloads;    // those aimed at it, "syscall_injector"
  const char* reason;       // why the oracles cannot see it; empty: they can
  Detector detector = Detector::oracles;
};

// All rows, in order of id.
std::span<const Defect> defects();

// By id, or by the safeguard's name; null: unknown.
const Defect* find_defect(std::string_view id_or_safeguard);

const char* to_string(DefectKind kind);
const char* to_string(Detector detector);

// It can be lifted or patched in.
constexpr bool armable(const Defect& d) { return d.kind == DefectKind::safeguard || d.kind == DefectKind::patch; }

// A row of the five core fixes: it undoes one of them, or what it might lose again.
constexpr bool is_core(const Defect& d) { return d.id[0] == 'S'; }

// A race that this suite met first; its schedule is in regressions/.
constexpr bool met_here(const Defect& d) { return d.id[0] == 'N'; }

// It must be caught when it is.
constexpr bool scored(const Defect& d) { return armable(d) && d.detector == Detector::oracles; }

// What a score says of a row that it does not count.
std::string why_not_scored(const Defect& d);

bool may_catch(const Defect& defect, OracleId oracle);

}  // namespace jitterbug
