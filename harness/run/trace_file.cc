#include "harness/run/trace_file.h"

#include "harness/run/token.h"

namespace jitterbug {

std::string trace_file_text(const Plan& plan, const Record& record) {
  std::string text = to_token(plan) + "\n";
  if (record.crashed && record.trace.empty()) text += "(no trace: " + record.failure->sentence + ")\n";
  for (const std::string& line : record.trace) text += line + "\n";
  if (record.failed()) text += to_text(*record.failure) + "\n";
  if (record.detail.empty()) return text;
  return text + "it printed, at the end:\n" + record.detail + (record.detail.back() == '\n' ? "" : "\n");
}

}  // namespace jitterbug
