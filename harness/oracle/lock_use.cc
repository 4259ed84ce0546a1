// O13: a lock is taken by a thread that does not hold it and released by the one
// that does. The machine keeps the owners; the oracle words the finding.

#include "harness/oracle/makers.h"

namespace jitterbug {
namespace {

class LockUse final : public Oracle {
 public:
  std::string_view id() const override { return "O13"; }

  void lock_misused(Verdict& verdict, rt::engine::ThreadId thread, std::string_view how) override {
    verdict.fail(id(), "thread " + std::to_string(thread) + " misuses a lock of the runtime: " + std::string(how));
  }
};

}  // namespace

std::unique_ptr<Oracle> make_lock_use() { return std::make_unique<LockUse>(); }

}  // namespace jitterbug
