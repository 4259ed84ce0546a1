// O13: a lock is taken by a thread that does not hold it and released by the one that does. The
// simulated machine knows the owners; the oracle words the finding.

#include "harness/oracle/registry.h"

namespace jitterbug {
namespace {

constexpr const char* used_by_the_rules = "a lock is used by its rules";
constexpr const char* invariants[] = {used_by_the_rules};

class LockUse final : public Oracle {
 public:
  void lock_misused(Verdict& verdict, rt::engine::ThreadId thread, std::string_view how) override {
    verdict.fail(OracleId::lock_use, used_by_the_rules,
                 "thread " + std::to_string(thread) + " misuses a lock of the runtime: " + std::string(how));
  }
};

}  // namespace

extern const OracleInfo lock_use_oracle = {OracleId::lock_use, invariants, made<LockUse>};

}  // namespace jitterbug
