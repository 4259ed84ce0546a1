#include "harness/tool/report_to.h"

#include <cstdio>

#include "harness/base/errors.h"

namespace jitterbug {

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) != 0) throw ToolError("cannot write to standard output");
}

Report::Report(const std::string& json_path) {
  if (!json_path.empty()) file_.emplace(json_path);
}

void Report::deliver(const std::string& text, const std::string& json) {
  if (!file_ || !file_->is_standard_output()) print(text);
  if (file_) file_->write(json);
}

void Report::save(const std::string& json) {
  try {
    file_->write(json);
  } catch (const ToolError&) {
  }
}

Announcer::Where Report::announcements() const {
  const bool taken = file_ && file_->is_standard_output();
  return taken ? Announcer::Where::standard_error : Announcer::Where::standard_output;
}

}  // namespace jitterbug
