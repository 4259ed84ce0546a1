#pragma once
// What a worker says of its runs. A way to fail is sent once; when a run fails in the same
// way again, its number will do.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/child.h"
#include "harness/run/record.h"

namespace jitterbug {

void send_record(const Parent& parent, const Record& record);
// A run fails as the `way`-th failing record that was sent.
void send_again(const Parent& parent, std::size_t way, std::uint64_t index);
// A run fails in a way that is only counted.
void send_counted(const Parent& parent, std::uint64_t index);
// The worker cannot go on: it is the harness's fault.
void send_complaint(const Parent& parent, std::string_view why);

struct RunReport {
  enum class Kind : std::uint8_t {
    record,     // of a run
    again,      // a run has failed like an earlier one: `key`, `record.index`
    counted,    // a run has failed in one of too many ways to be told apart: `record.index`
    complaint,  // `why`
  };
  Kind kind = Kind::record;
  Record record;
  std::string key;
  std::string why;
};

// A message. `keys`: of the failing records that the worker has sent. Empty: no worker in its
// right mind sends this.
std::optional<RunReport> read_run_report(char tag, std::string_view text, const std::vector<std::string>& keys);

}  // namespace jitterbug
