#include "harness/campaign/process.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "harness/campaign/errors.h"

namespace jitterbug {

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
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

void send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(to, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) _exit(3);
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
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
