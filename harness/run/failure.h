#pragma once
// How a run failed: which oracle says so, and what does not hold.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace jitterbug {

// Who judges. Numbers are for people, and stay: they stand in tokens' reports and in the bank.
enum class OracleId : std::uint8_t {
  // Of the scheduler under test
  false_deadlock,
  missed_deadlock,
  work_conservation,
  progress,
  quiescent_counters,
  ownership,
  conservation,
  crash,
  lock_use,
  burn,
  thread_limit,
  callbacks,
  resource_use,
  // Of any program
  assertion,
  deadlock,
  livelock,
  // Of the harness itself
  harness,
};

struct OracleName {
  OracleId id;
  const char* number;    // "O3"
  const char* name;      // "work_conservation"
  const char* sentence;  // the property, as a statement that must hold
};

// All of them, in order of number.
std::span<const OracleName> oracle_names();
const OracleName& name_of(OracleId id);
std::optional<OracleId> find_oracle(std::string_view number);
std::string to_string(OracleId id);  // "work_conservation (O3)"

// What OracleId::harness says of a run whose script came to nothing.
inline constexpr const char* script_is_followed = "a script is followed to its end";

struct Failure {
  // Without a sentence the invariant says it all.
  Failure(OracleId by, std::string_view what, std::string seen = "")
      : oracle(by), invariant(what), sentence(seen.empty() ? invariant : std::move(seen)) {}

  OracleId oracle;
  std::string invariant;  // that does not hold: findings of one invariant are one finding
  std::string sentence;   // what was seen, with the numbers and names of this run

  bool operator==(const Failure&) const = default;
};

// Both fail alike, whatever the particulars.
bool same_way(const Failure& a, const Failure& b);

// Of a run that may have failed; empty: it has not.
std::string number_of(const std::optional<Failure>& failure);
std::string sentence_of(const std::optional<Failure>& failure);

// "work_conservation (O3): 1 runnable Gs wait beside ..."
std::string to_text(const Failure& failure);

}  // namespace jitterbug
