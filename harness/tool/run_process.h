#pragma once
// Runs the tool as a user does, for its tests.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace jitterbug {

struct Ran {
  int status = -1;  // exit code; 128 + signal if a signal ended it
  std::string out;
  std::string error;
};

// A program that runs beside the test.
class Process {
 public:
  Process(const std::string& program, const std::vector<std::string>& arguments);
  ~Process();  // kills it if it has not been waited for
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits until it has printed the text on standard output. False: it has ended, or
  // a minute has passed.
  bool prints(const std::string& text) const;
  void send(int signal) const;
  // To it and to every process that it has started, as a shell or a CI does.
  void send_to_group(int signal) const;
  // The processes that it has started and that run.
  std::vector<pid_t> children() const;
  // Waits until there is one. False: it has ended, or a minute has passed.
  bool has_children() const;
  Ran wait();

 private:
  std::string out_, error_;  // paths
  pid_t pid_;
};

// The process does not exist, or only its parent has not noticed yet that it ended.
// Waits at most a minute for that.
bool ends(pid_t pid);

// Runs a program and waits for its end. interrupt_after > 0: sends it SIGINT then.
Ran run_process(const std::string& program, const std::vector<std::string>& arguments,
                std::chrono::milliseconds interrupt_after = std::chrono::milliseconds(0));

// The tool under test.
Ran run_jitterbug(const std::vector<std::string>& arguments,
                  std::chrono::milliseconds interrupt_after = std::chrono::milliseconds(0));
std::string jitterbug_path();

// Why a tool that is patched for a row has the scheduler as it is: the patch does not fit.
// Empty: it does.
std::string misfit_of(const std::string& program);

// A path in a directory of this test alone.
std::string scratch_path(const std::string& name);

std::string read_file(const std::string& path);

// Waits at most a minute for it.
bool file_appears(const std::string& path);

}  // namespace jitterbug
