#include "harness/native/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "harness/native/native_scene.h"
#include "harness/native/native_threads.h"
#include "harness/native/trace_text.h"

namespace jitterbug {
namespace {

constexpr int exit_finding = 70;   // reported
constexpr int exit_gave_up = 72;   // the runtime did; plus what would make that right:
constexpr int may_be_stuck = 1;
constexpr int may_be_too_many = 2;
constexpr double mercy_seconds = 5;    // for a hanging child to say where it hangs
constexpr std::size_t output_shown = 8'000;

// At once, whatever a sanitizer would like to do first: its reports are out already.
[[noreturn]] void end_process(int code) {
  for (;;) syscall(SYS_exit_group, code);
}

double seconds_since(std::int64_t then) { return static_cast<double>(monotonic_ns() - then) / 1e9; }

int reports_of_this_child = -1;

// Where every thread is. Runs in signal handlers: no memory is allocated.
void report_windows(int reports) {
  char line[128];
  for (std::uint32_t i = 1; i <= native_threads(); ++i) {
    const NativeThread t = native_thread(i);
    if (t.window == rt::Window::count) continue;
    const int n = std::snprintf(line, sizeof line, "window\t%s#%u\t%s", t.role, t.number,
                                rt::window_info(t.window).name);
    report_line(reports, {line, static_cast<std::size_t>(n)});
  }
}

// The runtime has given up, and has said why on standard error.
void on_abort(int) {
  report_windows(reports_of_this_child);
  int code = exit_gave_up;
  if (NativeScene::stuck_on_purpose()) code += may_be_stuck;
  if (NativeScene::too_many_threads()) code += may_be_too_many;
  end_process(code);
}

// The parent says that this takes too long.
void on_term(int) {
  static char line[1200];
  const int prefix = std::snprintf(line, sizeof line, "finding\t%s\tthe run ends\tthe run does not end; ",
                                   NativeScene::stuck_on_purpose() ? "O2" : "O4");
  const std::size_t used = static_cast<std::size_t>(prefix);
  const std::size_t n = NativeScene::state_line(line + used, sizeof line - used);
  report_windows(reports_of_this_child);
  report_line(reports_of_this_child, {line, used + n});
  end_process(exit_finding);
}

// Any of these is a step forward.
std::int64_t sum_of(const Ledger& l) {
  return l.progress.load() + l.begun.load() + l.ended.load() + l.waits_ended.load() + l.callbacks_ended.load();
}

[[noreturn]] void be_the_child(const ChildBody& body, const ToParent& parent, int output, pid_t maker) {
  follow(maker);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  reports_of_this_child = parent.reports;
  signal(SIGABRT, on_abort);
  signal(SIGTERM, on_term);
  body(parent);
  std::exit(0);  // sanitizers look for leaks now
}

// The first line that begins a sanitizer's report.
std::string sanitizer_headline(const std::string& output) {
  for (const char* mark : {"WARNING: ThreadSanitizer", "ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
                           "runtime error:", "ThreadSanitizer: ", "AddressSanitizer:"}) {
    const std::size_t at = output.find(mark);
    if (at == std::string::npos) continue;
    return output.substr(at, output.find_first_of("\n(", at) - at);
  }
  return "";
}

std::string fatal_line(const std::string& output) {
  const std::size_t at = output.find("fatal: ");
  return at == std::string::npos ? "" : output.substr(at, output.find('\n', at) - at);
}

}  // namespace

Child::Child(const ChildBody& body, double hang_seconds)
    : memory_(sizeof(Ledger)),
      ledger_(new (memory_.data()) Ledger),
      trace_memory_(sizeof(NativeTrace)),
      trace_(static_cast<NativeTrace*>(trace_memory_.data())),
      progress_at_(monotonic_ns()),
      hang_seconds_(hang_seconds) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) refused("no pipe for a run");
  output_ = open_output();
  std::fflush(nullptr);
  const pid_t self = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    ::close(ends[0]);
    be_the_child(body, {ends[1], ledger_, trace_}, output_, self);
  }
  ::close(ends[1]);
  reports_ = ends[0];
  if (pid_ < 0 || output_ < 0) refused("no process for a run");
  fcntl(reports_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    wait_for_end(pid_);
  }
  ::close(reports_);
  ::close(output_);
}

bool Child::poll() {
  if (pid_ <= 0) return true;
  if (!drain()) {
    end_if_hung();
    return false;
  }
  reap();
  return true;
}

// True: the child has closed its end.
bool Child::drain() {
  char buffer[4096];
  for (;;) {
    const ssize_t n = read(reports_, buffer, sizeof buffer);
    if (n == 0) return true;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text_.append(buffer, static_cast<std::size_t>(n));
  }
}

void Child::end_if_hung() {
  const std::int64_t progress = sum_of(*ledger_);
  if (progress != progress_ && !hung_) {
    progress_ = progress;
    progress_at_ = monotonic_ns();
  }
  const double seconds = seconds_since(progress_at_);
  if (!hung_ && seconds > hang_seconds_) {
    hung_ = true;
    kill(pid_, SIGTERM);
  } else if (hung_ && seconds > hang_seconds_ + mercy_seconds) {
    kill(pid_, SIGKILL);
  }
}

void Child::reap() {
  const int status = wait_for_end(pid_);
  pid_ = -1;
  ended_.output = end_of_output(output_, output_shown);
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    understand(text_.substr(begin, end - begin));
    begin = end + 1;
  }
  judge(status);
  if (ended_.failure) ended_.trace = native_trace_lines(*trace_);
}

void Child::understand(const std::string& line) {
  const std::size_t first = line.find('\t');
  if (first == std::string::npos) return;
  const std::string kind = line.substr(0, first);
  const std::string rest = line.substr(first + 1);
  const std::size_t second = std::min(rest.find('\t'), rest.size());
  const std::string name = rest.substr(0, second);
  const std::string value = rest.substr(std::min(second + 1, rest.size()));
  if (kind == "finding" && !ended_.failure) {
    const std::size_t third = std::min(value.find('\t'), value.size());
    ended_.failure.emplace(find_oracle(name).value(), value.substr(0, third),
                           value.substr(std::min(third + 1, value.size())));
  } else if (kind == "parameter") {
    ended_.parameters[name] = std::strtoll(value.c_str(), nullptr, 10);
  } else if (kind == "window") {
    ended_.last_windows.emplace_back(name, value);
  } else if (kind == "note") {
    ended_.notes.push_back(rest);
  }
}

void Child::judge(int status) {
  const std::string headline = sanitizer_headline(ended_.output);
  const auto fail = [this](OracleId oracle, const std::string& sentence) { ended_.failure.emplace(oracle, sentence); };
  if (!headline.empty()) {
    ended_.crashed = true;
    return fail(OracleId::crash, headline);
  }
  if (ended_.failure) return;
  const std::string fatal = fatal_line(ended_.output);
  if (!fatal.empty()) {
    const int gave_up = WIFEXITED(status) ? WEXITSTATUS(status) - exit_gave_up : -1;
    const bool deadlock = fatal.starts_with("fatal: deadlock");
    const bool threads = fatal.starts_with("fatal: thread exhaustion");
    const bool miscounted = fatal.starts_with("fatal: miscounted");
    if (deadlock && gave_up > 0 && (gave_up & may_be_stuck) != 0) return;
    if (threads && gave_up > 0 && (gave_up & may_be_too_many) != 0) return;
    return fail(deadlock || miscounted ? OracleId::false_deadlock
                : threads              ? OracleId::thread_limit
                                       : OracleId::ownership,
                "the runtime gives up: " + fatal.substr(7));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  ended_.crashed = true;
  if (hung_) return fail(OracleId::progress, "the run does not end and does not say where it is");
  fail(OracleId::crash, how_it_ended(status));
}

Ended run_in_child(const ChildBody& body, double hang_seconds) {
  Child child(body, hang_seconds);
  while (!child.poll()) {
    pollfd wait{child.descriptor(), POLLIN, 0};
    ::poll(&wait, 1, 100);
  }
  return child.ended();
}

void report_line(int reports, std::string_view line) {
  char piece[1400];
  const std::size_t n = std::min(line.size(), sizeof piece - 1);
  std::replace_copy(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(n), piece, '\n', ' ');
  piece[n] = '\n';
  while (write(reports, piece, n + 1) < 0 && errno == EINTR) {
  }
}

void end_child() {
  report_windows(reports_of_this_child);
  end_process(exit_finding);
}

}  // namespace jitterbug
