#pragma once
// Runs the tool as a user does, for its tests.

#include <chrono>
#include <string>
#include <vector>

namespace jitterbug {

struct Ran {
  int status = -1;  // exit code; 128 + signal if a signal ended it
  std::string out;
  std::string error;
};

// Runs a program and waits for its end. interrupt_after > 0: sends it SIGINT then.
Ran run_process(const std::string& program, const std::vector<std::string>& arguments,
                std::chrono::milliseconds interrupt_after = std::chrono::milliseconds(0));

// The tool under test.
Ran run_jitterbug(const std::vector<std::string>& arguments,
                  std::chrono::milliseconds interrupt_after = std::chrono::milliseconds(0));
std::string jitterbug_path();

// A path in a directory of this test alone.
std::string scratch_path(const std::string& name);

std::string read_file(const std::string& path);

}  // namespace jitterbug
