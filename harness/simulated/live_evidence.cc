#include "harness/simulated/live_evidence.h"

namespace jitterbug {

void LiveEvidence::attach(const rt::Runtime* runtime) {
  runtime_ = runtime;
  counters_ = {};
  fresh_ = false;
}

void LiveEvidence::refresh() {
  const Machine::Moment moment = machine_.moment();
  now_ = moment.now;
  steps_ = moment.steps;
  calm_ = moment.calm;
  fresh_ = false;
  if (runtime_ != nullptr) runtime_->counters(counters_);
}

const rt::Snapshot& LiveEvidence::snapshot() const {
  if (fresh_) return snapshot_;
  if (runtime_ != nullptr && counters_.lock_free) {
    runtime_->snapshot(snapshot_);
  } else {
    snapshot_ = {};
    snapshot_.counters = counters_;
  }
  fresh_ = true;
  return snapshot_;
}

std::string LiveEvidence::state_line() const {
  if (runtime_ == nullptr) return "no runtime";
  char line[1024];
  const std::size_t length = runtime_->trace_line(line, sizeof line);
  return std::string(line, length);
}

}  // namespace jitterbug
