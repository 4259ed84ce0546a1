#include "harness/test_outputs/outputs.h"

#include <gtest/gtest.h>

#include <exception>

#include "harness/base/output_file.h"
#include "harness/run/token.h"
#include "harness/run/trace_file.h"
#include "harness/test_outputs/environment.h"

namespace jitterbug {
namespace {

std::string folder() { return text_from_environment("TEST_UNDECLARED_OUTPUTS_DIR", ""); }

}  // namespace

bool keeps_outputs() { return !folder().empty(); }

void keep_output(const std::string& name, std::string_view text) {
  if (!keeps_outputs()) return;
  try {
    OutputFile(folder() + "/" + name).write(text);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

std::string output_name(const Plan& plan) { return plan.workload + "_seed" + std::to_string(plan.seed); }

void keep_token(const Plan& plan) { keep_output(output_name(plan) + ".token", to_token(plan) + "\n"); }

void keep_trace(const Plan& plan, const Record& record) {
  keep_output(output_name(plan) + ".trace", trace_file_text(plan, record));
}

void name_in_xml(const Finding& finding) {
  testing::Test::RecordProperty("stressor", finding.plan.workload);
  testing::Test::RecordProperty("seed", std::to_string(finding.plan.seed));
  testing::Test::RecordProperty("oracle", number_of(finding.record.failure));
  testing::Test::RecordProperty("token", to_token(finding.plan));
}

}  // namespace jitterbug
