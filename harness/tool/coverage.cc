// jitterbug coverage

#include "harness/report/coverage_text.h"
#include "harness/report/json.h"
#include "harness/tool/hunting.h"

namespace jitterbug {
namespace {

class CoverageVerb final : public Hunting {
 public:
  const char* name() const override { return "coverage"; }
  const char* sentence() const override { return "how far a hunt gets with each race window"; }
  int rank() const override { return 2; }

  void read() override {
    Hunting::read();
    request_.coverage = true;
  }

 private:
  bool in_any_flavour() const override { return false; }
  std::string to_text(const BatchResult& result) const override { return coverage_text(request_, result); }
  std::string to_json(const BatchResult& result) const override { return coverage_json(request_, result); }
};

const RegisteredVerb registered(std::make_unique<CoverageVerb>());

}  // namespace
}  // namespace jitterbug
