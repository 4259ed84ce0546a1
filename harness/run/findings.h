#pragma once
// What a campaign has found: runs that failed, kept apart by how they did. Here is the one
// rule for which findings are one: finding_key() of record.h.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/run/record.h"

namespace jitterbug {

using FoundCallback = std::function<void(const Finding&)>;

// Not thread-safe.
class Findings {
 public:
  explicit Findings(AtWindows windows) : windows_(windows) {}

  // A run of the workload has failed.
  void count(const std::string& workload);

  // `plan` is what the failed run ran. `found`, if there is one, is called with a
  // finding of a new key.
  void add(const Plan& plan, Record record, const FoundCallback& found);
  // A run has failed in a way that add() knows.
  void add_again(const std::string& key) { ++by_key_.at(key).count; }

  std::uint64_t failures() const { return failures_; }
  std::uint64_t failures_of(const std::string& workload) const;
  std::uint64_t size() const { return by_key_.size(); }  // of different keys
  // In order of schedule.
  std::vector<Finding> sorted() const;
  // True: a key is new since the last call.
  bool take_news();

 private:
  const AtWindows windows_;
  std::map<std::string, Finding> by_key_;
  bool news_ = false;
  std::uint64_t failures_ = 0;
  std::map<std::string, std::uint64_t> failures_of_;  // by workload
};

}  // namespace jitterbug
