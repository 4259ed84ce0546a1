#pragma once
// What the verbs have in common that hunt over stressors: hunt and coverage.

#include "harness/campaign/hunt.h"
#include "harness/tool/options.h"
#include "harness/tool/report_to.h"
#include "harness/tool/verb.h"

namespace jitterbug {

class Hunting : public Verb {
 public:
  void declare(CLI::App& app) override;
  void read() override;
  Exit run(char** argv) override;

 protected:
  HuntRequest request_;

  virtual bool in_any_flavour() const { return true; }
  virtual std::string to_text(const BatchResult& result) const = 0;
  virtual std::string to_json(const BatchResult& result) const = 0;

 private:
  void declare_native(CLI::App& app);
  BatchResult hunt_aloud(Report& report) const;

  CLI::App* app_ = nullptr;
  std::string workloads_ = "all", strategy_ = "random", noise_ = "swarm", seed_ = "1", jobs_ = "1";
  Text schedules_, duration_, lift_, storm_, calm_, hang_;
  std::vector<std::string> set_;
  FlavourOption flavour_;
  ReportOptions report_;
};

}  // namespace jitterbug
