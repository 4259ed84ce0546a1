// jitterbug hunt

#include "harness/report/json.h"
#include "harness/report/text.h"
#include "harness/tool/hunting.h"

namespace jitterbug {
namespace {

class Hunt final : public Hunting {
 public:
  const char* name() const override { return "hunt"; }
  const char* sentence() const override { return "explore interleavings of the shipped scheduler"; }
  int rank() const override { return 1; }

  void declare(CLI::App& app) override {
    Hunting::declare(app);
    app.add_flag("--first", first_, "stop at the first finding");
    app.add_option("--enough", enough_, "failures after which no run starts");
  }
  void read() override {
    Hunting::read();
    if (enough_) request_.enough = count_of("--enough", *enough_);
    if (first_) request_.enough = 1;
  }

 private:
  std::string to_text(const BatchResult& result) const override { return hunt_text(request_, result); }
  std::string to_json(const BatchResult& result) const override { return hunt_json(request_, result); }

  bool first_ = false;
  Text enough_;
};

const RegisteredVerb registered(std::make_unique<Hunt>());

}  // namespace
}  // namespace jitterbug
