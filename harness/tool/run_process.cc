#include "harness/tool/run_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace jitterbug {

namespace {

constexpr std::chrono::milliseconds look_again_after{10};
constexpr int looks_max = 6'000;

// A file of this test alone, and of this process.
std::string stream_path(const char* name) {
  static int processes = 0;
  return scratch_path(name + std::to_string(++processes));
}

// Its letter of /proc/PID/stat: 0: there is no such process.
char state_of(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t at = stat.rfind(") ");
  return at == std::string::npos ? '\0' : stat[at + 2];
}

bool has_ended(pid_t pid) {
  const char state = state_of(pid);
  return state == '\0' || state == 'Z' || state == 'X';
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments)
    : out_(stream_path("stdout")), error_(stream_path("stderr")), pid_(fork()) {
  // Whoever comes first: the group is there when this returns.
  setpgid(pid_, pid_);
  if (pid_ != 0) return;
  // A shell lets what it runs in the background ignore some.
  for (const int request : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) signal(request, SIG_DFL);
  dup2(open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  dup2(open(error_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  _exit(127);
}

Process::~Process() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Process::prints(const std::string& text) const {
  for (int look = 0; look < looks_max; ++look) {
    const bool last_look = has_ended(pid_);
    if (read_file(out_).find(text) != std::string::npos) return true;
    if (last_look) return false;
    std::this_thread::sleep_for(look_again_after);
  }
  return false;
}

void Process::send(int signal) const { kill(pid_, signal); }

void Process::send_to_group(int signal) const { kill(-pid_, signal); }

std::vector<pid_t> Process::children() const {
  const std::string pid = std::to_string(pid_);
  std::ifstream list("/proc/" + pid + "/task/" + pid + "/children");
  return {std::istream_iterator<pid_t>(list), {}};
}

bool Process::has_children() const {
  for (int look = 0; look < looks_max && !has_ended(pid_); ++look) {
    if (!children().empty()) return true;
    std::this_thread::sleep_for(look_again_after);
  }
  return false;
}

Ran Process::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(out_), read_file(error_)};
}

bool ends(pid_t pid) {
  for (int look = 0; look < looks_max; ++look) {
    if (has_ended(pid)) return true;
    std::this_thread::sleep_for(look_again_after);
  }
  return false;
}

Ran run_process(const std::string& program, const std::vector<std::string>& arguments,
                std::chrono::milliseconds interrupt_after) {
  Process process(program, arguments);
  if (interrupt_after.count() > 0) {
    std::this_thread::sleep_for(interrupt_after);
    process.send(SIGINT);
  }
  return process.wait();
}

Ran run_jitterbug(const std::vector<std::string>& arguments, std::chrono::milliseconds interrupt_after) {
  return run_process(jitterbug_path(), arguments, interrupt_after);
}

std::string jitterbug_path() {
  const char* given = std::getenv("JITTERBUG");
  return given != nullptr ? given : "harness/jitterbug";
}

std::string misfit_of(const std::string& program) {
  const std::string key = "\"misfit\": \"";
  const Ran ran = run_process(program, {"list", "build", "--json"});
  const std::size_t at = ran.out.find(key);
  if (at == std::string::npos) return program + " does not say what it was built from";
  const std::size_t from = at + key.size();
  return ran.out.substr(from, ran.out.find('"', from) - from);
}

std::string scratch_path(const std::string& name) {
  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) / ("tool_" + std::to_string(getpid()));
  std::filesystem::create_directories(directory);
  return (directory / name).string();
}

bool file_appears(const std::string& path) {
  for (int look = 0; look < looks_max; ++look) {
    if (std::filesystem::exists(path)) return true;
    std::this_thread::sleep_for(look_again_after);
  }
  return false;
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace jitterbug
