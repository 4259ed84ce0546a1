#pragma once
// A file that a verb writes when it has something to say. Whether it can be written
// is known before the work starts, and what it replaces stays as it is until then.

#include <string>
#include <string_view>

namespace jitterbug {

class OutputFile {
 public:
  // Throws UsageError naming the path if it cannot be written. "-" is standard output.
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Puts the text in place at once, all of it: a reader sees the old text or the new
  // one, whatever happens meanwhile. Throws ToolError; the old text stands then, and
  // another call may succeed. Where nothing is replaced it is called at most once.
  void write(std::string_view text);

  bool is_standard_output() const { return path_ == "-"; }
  // A file is; standard output, a device and a pipe are written to.
  bool is_replaced() const { return replaced_; }

 private:
  bool make_temporary();  // false: errno says why
  void drop_temporary();
  [[noreturn]] void give_up();

  std::string path_;       // as given
  std::string target_;     // what it resolves to
  std::string temporary_;  // in the same directory, while it is being written
  bool replaced_ = false;
  unsigned mode_ = 0;      // permissions of the file
  int descriptor_ = -1;
};

}  // namespace jitterbug
