#include "harness/campaign/isolate.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>

#include "harness/campaign/errors.h"
#include "harness/campaign/interrupt.h"

namespace jitterbug {
namespace {

constexpr std::size_t crashes_max = 10'000;

// What the process tells its parent: a tag, a length, so many bytes.
enum class Tag : char { asks = 'q', answer = 'a', result = 'r', usage = 'u', impossible = 'i', failed = 'f' };

void send(int to, Tag tag, const std::string& text) {
  std::string message(1, static_cast<char>(tag));
  const auto length = static_cast<std::uint32_t>(text.size());
  message.append(reinterpret_cast<const char*>(&length), sizeof length);
  message += text;
  for (std::size_t sent = 0; sent < message.size();) {
    const ssize_t n = write(to, message.data() + sent, message.size() - sent);
    if (n < 0 && errno != EINTR) _exit(3);  // the parent is gone
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
}

class ChildJournal final : public Journal {
 public:
  ChildJournal(const std::vector<JournalEntry>& known, int to) : known_(known), to_(to) {}

  JournalEntry ask(const std::function<std::string()>& question) override {
    if (next_ < known_.size()) return known_[next_++];
    send(to_, Tag::asks, "");
    std::string text = question();
    send(to_, Tag::answer, text);
    return {false, std::move(text)};
  }

 private:
  const std::vector<JournalEntry>& known_;
  int to_;
  std::size_t next_ = 0;
};

[[noreturn]] void compute(const std::function<std::string(Journal&)>& work, const std::vector<JournalEntry>& known,
                          int to) {
  ChildJournal journal(known, to);
  try {
    send(to, Tag::result, work(journal));
  } catch (const UsageError& e) {
    send(to, Tag::usage, e.what());
  } catch (const ImpossibleError& e) {
    send(to, Tag::impossible, e.what());
  } catch (const std::exception& e) {
    send(to, Tag::failed, e.what());
  }
  // Not exit(): what the parent registered to happen at its end is not this one's.
  _exit(0);
}

// One process after the other, until one has a result.
class Isolation {
 public:
  Isolation(const std::function<std::string(Journal&)>& work, double hang_seconds)
      : work_(work), hang_ms_(static_cast<int>(hang_seconds * 1e3)) {}
  ~Isolation() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    end();
  }

  std::string run() {
    for (;;) {
      start();
      while (receive() && !result_) {
      }
      const int status = end();
      if (result_) return *result_;
      if (interrupted()) throw ToolError("interrupted");
      const std::string how = ending(status);
      if (!asking_) throw ToolError("a process is gone: " + how);
      known_.push_back({true, how});
      if (++crashes_ > crashes_max) throw ToolError("too many runs take their process down; the last one: " + how);
    }
  }

 private:
  void start() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw ToolError(std::string("cannot make a pipe: ") + std::strerror(errno));
    from_ = ends[0];
    asking_ = hung_ = false;
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(3);
      std::signal(SIGINT, SIG_IGN);
      std::signal(SIGTERM, SIG_DFL);
      const rlimit no_core = {0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
      dup2(nowhere, STDOUT_FILENO);
      dup2(nowhere, STDERR_FILENO);
      compute(work_, known_, ends[1]);
    }
    close(ends[1]);
    if (pid_ < 0) throw ToolError(std::string("cannot start a process: ") + std::strerror(errno));
  }

  // Kills what still runs; returns the status of the process.
  int end() {
    if (pid_ <= 0) return 0;
    if (result_ || hung_ || interrupted()) kill(pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    close(from_);
    pid_ = -1;
    buffer_.clear();
    return status;
  }

  std::string ending(int status) const {
    if (hung_) return "a run did not end within " + std::to_string(hang_ms_ / 1000) + " s of real time";
    if (WIFEXITED(status)) return "the process exited with status " + std::to_string(WEXITSTATUS(status)) + " in a run";
    const char* name = sigabbrev_np(WTERMSIG(status));
    return "the process was ended by SIG" + std::string(name != nullptr ? name : "?") + " in a run";
  }

  // False: the process is at its end, or has to be.
  bool receive() {
    constexpr int slice_ms = 100;
    for (int waited = 0;; waited += slice_ms) {
      pollfd file = {from_, POLLIN, 0};
      if (poll(&file, 1, slice_ms) > 0) break;
      if (interrupted()) return false;
      if (asking_ && waited >= hang_ms_) {
        hung_ = true;
        return false;
      }
    }
    char bytes[65536];
    const ssize_t n = read(from_, bytes, sizeof bytes);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    buffer_.append(bytes, static_cast<std::size_t>(n));
    while (handle_one()) {
    }
    return n > 0;
  }

  bool handle_one() {
    std::uint32_t length = 0;
    constexpr std::size_t head = 1 + sizeof length;
    if (buffer_.size() < head) return false;
    std::memcpy(&length, buffer_.data() + 1, sizeof length);
    if (buffer_.size() < head + length) return false;
    const auto tag = static_cast<Tag>(buffer_[0]);
    std::string text = buffer_.substr(head, length);
    buffer_.erase(0, head + length);
    handle(tag, std::move(text));
    return true;
  }

  void handle(Tag tag, std::string text) {
    switch (tag) {
      case Tag::asks: asking_ = true; return;
      case Tag::answer:
        asking_ = false;
        known_.push_back({false, std::move(text)});
        return;
      case Tag::result: result_ = std::move(text); return;
      case Tag::usage: throw UsageError(text);
      case Tag::impossible: throw ImpossibleError(text);
      case Tag::failed: throw ToolError(text);
    }
  }

  const std::function<std::string(Journal&)>& work_;
  const int hang_ms_;
  std::vector<JournalEntry> known_;
  std::size_t crashes_ = 0;
  pid_t pid_ = -1;
  int from_ = -1;
  bool asking_ = false;  // a question is under way
  bool hung_ = false;
  std::string buffer_;
  std::optional<std::string> result_;
};

}  // namespace

std::string run_isolated(const std::function<std::string(Journal&)>& work, double hang_seconds) {
  return Isolation(work, hang_seconds).run();
}

}  // namespace jitterbug
