#pragma once
// What a worker says of a run, as a line of text. A way to fail is sent once; when
// a run fails in the same way again, its number will do.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/record.h"

namespace jitterbug {

struct RunReport {
  bool again = false;  // it failed, and in a way that needs no record: only the index is set
  std::string key;     // when again: in which way; empty: in one too many to be told apart
  Record record;
};

// Of a run that fails as the `way`-th failing record that was sent.
std::string write_again(std::size_t way, std::uint64_t index);
// Of a run that fails in a way that is only counted.
std::string write_counted(std::uint64_t index);

// These, or what write_record() writes. `keys`: of the failing records that the
// worker has sent. Empty: no worker in its right mind sends this.
std::optional<RunReport> read_run_report(const std::string& line, const std::vector<std::string>& keys);

}  // namespace jitterbug
