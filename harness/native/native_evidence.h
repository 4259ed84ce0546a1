#pragma once
// The evidence of a run on real threads: what the scheduler's counters and the ledger say.
// While threads run, no two numbers are of one moment, and nobody sees Ps, Ms and Gs.

#include <string>
#include <string_view>

#include "harness/oracle/oracle.h"

namespace jitterbug {

class NativeEvidence final : public Evidence {
 public:
  // runtime: null if there is none; then all counters are zero. `ended`: its threads have been joined.
  NativeEvidence(const rt::Runtime* runtime, const Ledger& ledger, bool ended)
      : Evidence(ledger, snapshot_.counters), runtime_(runtime) {
    now_ = rt::os::now();
    calm_ = true;  // whom the kernel runs is fair
    if (runtime == nullptr) return;
    runtime->counters(snapshot_.counters);
    if (ended) runtime->snapshot(snapshot_);
  }

  int live_threads(std::string_view) const override { return 0; }
  int blocked_threads(std::string_view, rt::engine::OpKind) const override { return 0; }
  int sleeping_threads(std::string_view) const override { return 0; }
  bool thread_refused() const override { return false; }
  const rt::Snapshot& snapshot() const override { return snapshot_; }
  std::string state_line() const override {
    if (runtime_ == nullptr) return "no runtime";
    char line[1024];
    return std::string(line, runtime_->trace_line(line, sizeof line));
  }

 private:
  const rt::Runtime* const runtime_;
  rt::Snapshot snapshot_;
};

}  // namespace jitterbug
