// O19: what is read, written, polled or closed is open; a thread that is joined has been
// started and not been joined; what is released has been allocated. The simulated machine keeps
// these states and words the finding.

#include "harness/oracle/registry.h"

namespace jitterbug {
namespace {

constexpr const char* used_while_there = "what is used is open, running or allocated";
constexpr const char* invariants[] = {used_while_there};

class ResourceUse final : public Oracle {
 public:
  void resource_misused(Verdict& verdict, std::string_view sentence) override {
    verdict.fail(OracleId::resource_use, used_while_there, std::string(sentence));
  }
};

}  // namespace

extern const OracleInfo resource_use_oracle = {OracleId::resource_use, invariants, made<ResourceUse>};

}  // namespace jitterbug
