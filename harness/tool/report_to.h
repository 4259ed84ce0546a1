#pragma once
// Where a verb's report goes: to a person on standard output, to a machine in a file.

#include <optional>
#include <string>

#include "harness/base/output_file.h"
#include "harness/report/announcer.h"

namespace jitterbug {

void print(const std::string& text);  // throws ToolError

class Report {
 public:
  // json_path: empty: none; "-": standard output, instead of the text. Throws UsageError for
  // one that cannot be written.
  explicit Report(const std::string& json_path);
  void deliver(const std::string& text, const std::string& json);
  // What is known so far, in case there is no end. A person has it already, and a
  // campaign does not end because a disk is full for a moment.
  void save(const std::string& json);
  bool saves() const { return file_ && file_->is_replaced(); }
  Announcer::Where announcements() const;

 private:
  std::optional<OutputFile> file_;
};

}  // namespace jitterbug
