#pragma once
// Evidence that a test makes up, and a verdict that remembers the first judgement.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "harness/oracle/oracle.h"
#include "harness/oracle/registry.h"

namespace jitterbug::testing {

// Two Ps: M0 runs G0 on P0 in G0's code, P1 is idle, M1 is parked. The state of a
// scheduler at rest; tests spoil it.
class FakeEvidence final : public Evidence {
 public:
  FakeEvidence() : Evidence(book, snap.counters) {
    snap.counters.procs = 2;
    snap.counters.started = true;
    snap.counters.npidle = 1;
    snap.counters.nmidle = 1;
    snap.counters.nmsys = 1;
    snap.counters.mcount = 3;
    snap.ps = {{0, rt::PStatus::running, 0, 0, false}, {1, rt::PStatus::idle, -1, 0, true}};
    snap.ms = {{0, 0, 0, false, false, true, -1},
               {1, -1, -1, false, true, false, -1},
               {2, -1, -1, false, false, false, -1}};  // sysmon's
    snap.gs = {{0, rt::GStatus::running, 0, false}};
    live = {{"main", 1}, {"m", 1}, {"sysmon", 1}};
    blocked = {{rt::engine::OpKind::sleep, 1}};  // sysmon
  }

  int live_threads(std::string_view role) const override {
    int count = 0;
    for (const auto& [name, threads] : live) count += role.empty() || name == role ? threads : 0;
    return count;
  }
  int sleeping_threads(std::string_view) const override { return blocked_threads("", rt::engine::OpKind::sleep); }
  int blocked_threads(std::string_view, rt::engine::OpKind kind) const override {
    const auto found = blocked.find(kind);
    return found == blocked.end() ? 0 : found->second;
  }
  bool thread_refused() const override { return refused; }
  const rt::Snapshot& snapshot() const override { return snap; }
  std::string state_line() const override { return "SCHED"; }

  // A G that waits in P0's queue.
  void queue_g() {
    snap.ps[0].queued = 1;
    snap.gs.push_back({7, rt::GStatus::runnable, -1, false});
  }
  // The given number of steps passes, and as many microseconds.
  void pass(std::uint64_t n) {
    steps_ += n;
    now_ += static_cast<rt::Duration>(n) * rt::microsecond;
  }

  bool& in_calm = calm_;
  bool refused = false;
  Ledger book;
  rt::Snapshot snap;
  std::map<std::string, int> live;
  std::map<rt::engine::OpKind, int> blocked;
};

// A sentence that its oracle lists, or one of them followed by ": " and what it holds of.
inline bool is_listed(OracleId by, std::string_view invariant) {
  const OracleInfo* info = find_info(by);
  if (info == nullptr) return false;
  return std::any_of(info->invariants.begin(), info->invariants.end(), [&](std::string_view listed) {
    return invariant == listed || invariant.starts_with(std::string(listed) + ": ");
  });
}

class FakeVerdict final : public Verdict {
 public:
  void fail(OracleId by, std::string_view invariant, std::string seen) override {
    EXPECT_TRUE(is_listed(by, invariant)) << to_string(by) << " does not list: " << invariant;
    if (decided()) return;
    oracle = name_of(by).number;
    sentence = std::move(seen);
  }
  void accept() override { accepted = accepted || oracle.empty(); }
  bool decided() const { return accepted || !oracle.empty(); }

  std::string oracle;  // empty: not failed
  std::string sentence;
  bool accepted = false;
};

inline std::unique_ptr<Oracle> make_oracle(std::string_view number) {
  const OracleInfo* info = find_info(find_oracle(number).value());
  return info == nullptr ? nullptr : info->make();
}

// Shows an oracle the same picture at many audits, `distance` steps apart.
inline void watch(Oracle& oracle, FakeEvidence& e, FakeVerdict& verdict, int audits = 40, std::uint64_t distance = 50) {
  for (int i = 0; i < audits; ++i) {
    e.pass(distance);
    oracle.audit(e, verdict);
  }
}

}  // namespace jitterbug::testing
