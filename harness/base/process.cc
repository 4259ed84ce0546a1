#include "harness/base/process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

std::string read_all(int from) {
  std::string text;
  char piece[4096];
  for (ssize_t n; (n = read(from, piece, sizeof piece)) != 0;) {
    if (n > 0)
      text.append(piece, static_cast<std::size_t>(n));
    else if (errno != EINTR)
      break;
  }
  return text;
}

[[noreturn]] void become(const std::string& path, std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(path.c_str(), argv.data());
  _exit(127);
}

}  // namespace

std::int64_t monotonic_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

SharedMemory::SharedMemory(std::size_t bytes)
    : data_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)), bytes_(bytes) {
  if (data_ == MAP_FAILED) refused("cannot map memory to share with other processes");
}

SharedMemory::~SharedMemory() { munmap(data_, bytes_); }

void follow(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(3);
}

void send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(to, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) _exit(3);
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

int open_output() { return memfd_create("output", MFD_CLOEXEC); }

std::string end_of_output(int file, std::size_t most) {
  const off_t size = lseek(file, 0, SEEK_END);
  if (size <= 0) return "";
  std::string text(std::min(static_cast<std::size_t>(size), most), '\0');
  const ssize_t n = pread(file, text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

Printed run_program(const std::string& path, const std::vector<std::string>& arguments, Taken taken) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) refused("cannot make a pipe");
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) refused("cannot start a process");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(ends[1], STDOUT_FILENO);
    if (taken == Taken::output_and_errors) dup2(ends[1], STDERR_FILENO);
    become(path, arguments);
  }
  close(ends[1]);
  Printed printed;
  printed.text = read_all(ends[0]);
  close(ends[0]);
  printed.status = wait_for_end(pid);
  return printed;
}

std::uint64_t kills_for_memory() {
  std::ifstream counters("/proc/vmstat");
  std::string name;
  for (std::uint64_t value = 0; counters >> name >> value;) {
    if (name == "oom_kill") return value;
  }
  return 0;
}

int wait_for_end(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string how_it_ended(int status) {
  if (WIFEXITED(status)) return "the process exited with status " + std::to_string(WEXITSTATUS(status));
  if (WTERMSIG(status) == SIGXFSZ) return "the process was ended because it printed without end";
  const char* name = sigabbrev_np(WTERMSIG(status));
  return "the process was ended by SIG" + std::string(name != nullptr ? name : "?");
}

void refused(const char* what) { throw ToolError(std::string(what) + ": " + std::strerror(errno)); }

}  // namespace jitterbug
