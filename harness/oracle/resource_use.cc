// O19: what is read, written, polled or closed is open, who is joined has been started and
// not been joined, and what is released has been allocated. The machine keeps the states and
// words the finding.

#include "harness/oracle/makers.h"

namespace jitterbug {
namespace {

class ResourceUse final : public Oracle {
 public:
  std::string_view id() const override { return "O19"; }

  void resource_misused(Verdict& verdict, std::string_view sentence) override {
    verdict.fail(id(), std::string(sentence));
  }
};

}  // namespace

std::unique_ptr<Oracle> make_resource_use() { return std::make_unique<ResourceUse>(); }

}  // namespace jitterbug
