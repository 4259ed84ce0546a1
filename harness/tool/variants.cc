#include "harness/tool/variants.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "harness/campaign/errors.h"
#include "harness/defect/variant.h"
#include "harness/report/json.h"

namespace jitterbug {
namespace {

std::string variant_of(const std::string& row) {
  std::string path = find_variant(row);
  if (!path.empty()) return path;
  throw ImpossibleError("jitterbug_" + row + ", the scheduler patched for " + row +
                        ", is not beside this binary: build //harness:jitterbug");
}

[[noreturn]] void execute(const std::string& path, std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(path.c_str(), argv.data());
  _exit(127);
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) != 0;) {
    if (n > 0)
      text.append(buffer, static_cast<std::size_t>(n));
    else if (errno != EINTR)
      break;
  }
  return text;
}

}  // namespace

void become_variant(const std::string& row, char** argv) {
  const std::string path = variant_of(row);
  execv(path.c_str(), argv);
  throw ToolError("cannot run " + path + ": " + std::strerror(errno));
}

Score score_in_variant(const Defect& defect, const ScoreRequest& request) {
  const std::string path = variant_of(defect.id);
  const std::vector<std::string> arguments = {path,           "score",
                                              "--safeguards", defect.id,
                                              "--schedules",  std::to_string(request.schedules),
                                              "--trials",     std::to_string(request.trials),
                                              "--seed",       std::to_string(request.seed),
                                              "--strategy",   request.strategy,
                                              "--json",       "-",
                                              "--quiet"};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw ToolError(std::string("cannot make a pipe: ") + std::strerror(errno));
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) throw ToolError(std::string("cannot start a process: ") + std::strerror(errno));
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(ends[1], STDOUT_FILENO);
    execute(path, arguments);
  }
  close(ends[1]);
  const std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != static_cast<int>(Exit::good) && code != static_cast<int>(Exit::found)) {
    throw ToolError(path + " could not score its row");
  }
  Score score = read_score_json(text);
  if (score.rows.size() != 1) throw ToolError(path + " did not score its row");
  return score;
}

}  // namespace jitterbug
