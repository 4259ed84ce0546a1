#pragma once
// A file that a verb writes at its end. Whether it can be written is known before
// the work starts, and what it replaces stays as it is until the work is done.

#include <string>
#include <string_view>

namespace jitterbug {

class OutputFile {
 public:
  // Throws UsageError naming the path if it cannot be written. "-" is standard output.
  explicit OutputFile(std::string path);
  ~OutputFile();  // without write(): leaves no trace
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Puts the text in place at once, all of it. Throws ToolError. Called at most once.
  void write(std::string_view text);

  bool is_standard_output() const { return path_ == "-"; }

 private:
  std::string path_;       // as given
  std::string target_;     // what it resolves to
  std::string temporary_;  // in the same directory; empty: written directly
  int descriptor_ = -1;
};

}  // namespace jitterbug
