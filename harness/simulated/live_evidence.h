#pragma once
// The evidence of a run under way in a simulated machine.

#include <string>
#include <string_view>

#include "harness/oracle/oracle.h"
#include "harness/sim/machine.h"
#include "runtime/api/runtime.h"

namespace jitterbug {

// Part of one scene. Reads atomics of the runtime: in engine context that is no
// step of the run, on a virtual thread it is.
class LiveEvidence final : public Evidence {
 public:
  LiveEvidence(const Machine& machine, const Ledger& ledger) : Evidence(ledger, counters_), machine_(machine) {}

  // The runtime to look at; null: none, and all counters are zero.
  void attach(const rt::Runtime* runtime);
  // Of this moment from here on: reads the counters anew and forgets the snapshot.
  void refresh();

  int live_threads(std::string_view role) const override { return machine_.live_threads(role); }
  int blocked_threads(std::string_view role, rt::engine::OpKind kind) const override {
    return machine_.blocked_threads(role, kind);
  }
  int sleeping_threads(std::string_view role) const override { return machine_.sleeping_threads(role); }
  bool thread_refused() const override { return machine_.faults_happened(rt::engine::Fault::no_thread); }
  const rt::Snapshot& snapshot() const override;
  std::string state_line() const override;

 private:
  const Machine& machine_;
  const rt::Runtime* runtime_ = nullptr;
  rt::Counters counters_;
  mutable rt::Snapshot snapshot_;  // valid while fresh_; its storage is used again
  mutable bool fresh_ = false;
};

}  // namespace jitterbug
