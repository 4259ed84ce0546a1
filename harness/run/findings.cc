#include "harness/run/findings.h"

#include <algorithm>
#include <utility>

namespace jitterbug {

void Findings::count(const std::string& workload) {
  ++failures_;
  ++failures_of_[workload];
}

void Findings::add(const Plan& plan, Record record, const FoundCallback& found) {
  const std::string key = finding_key(record, windows_);
  const auto at = by_key_.find(key);
  if (at == by_key_.end()) {
    const auto fresh = by_key_.emplace(key, Finding{plan, std::move(record), 1}).first;
    news_ = true;
    if (found) found(fresh->second);
    return;
  }
  // Workers meet in any order; the lowest schedule stands for all.
  Finding& finding = at->second;
  ++finding.count;
  if (record.index < finding.record.index) {
    finding.plan = plan;
    finding.record = std::move(record);
  }
}

std::uint64_t Findings::failures_of(const std::string& workload) const {
  const auto at = failures_of_.find(workload);
  return at == failures_of_.end() ? 0 : at->second;
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> sorted;
  for (const auto& [key, finding] : by_key_) sorted.push_back(finding);
  std::sort(sorted.begin(), sorted.end(),
            [](const Finding& a, const Finding& b) { return a.record.index < b.record.index; });
  return sorted;
}

bool Findings::take_news() { return std::exchange(news_, false); }

}  // namespace jitterbug
