#include "harness/tool/run_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace jitterbug {

Ran run_process(const std::string& program, const std::vector<std::string>& arguments,
                std::chrono::milliseconds interrupt_after) {
  const std::string out = scratch_path("stdout"), error = scratch_path("stderr");
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(error.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  if (interrupt_after.count() > 0) {
    std::this_thread::sleep_for(interrupt_after);
    kill(pid, SIGINT);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(out), read_file(error)};
}

Ran run_jitterbug(const std::vector<std::string>& arguments, std::chrono::milliseconds interrupt_after) {
  return run_process(jitterbug_path(), arguments, interrupt_after);
}

std::string jitterbug_path() {
  const char* given = std::getenv("JITTERBUG");
  return given != nullptr ? given : "harness/jitterbug";
}

std::string scratch_path(const std::string& name) {
  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) / ("tool_" + std::to_string(getpid()));
  std::filesystem::create_directories(directory);
  return (directory / name).string();
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace jitterbug
