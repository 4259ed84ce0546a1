#include "harness/campaign/isolate.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>

#include "harness/base/confine.h"
#include "harness/base/ending.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

namespace jitterbug {
namespace {

constexpr std::size_t crashes_max = 10'000;
constexpr std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // of address space

// What the process tells its parent: a tag, a length, so many bytes.
enum class Tag : char {
  asks = 'q',
  note = 'n',
  answer = 'a',
  result = 'r',
  usage = 'u',
  impossible = 'i',
  failed = 'f',
};

void send(int to, Tag tag, const std::string& text) {
  std::string message(1, static_cast<char>(tag));
  const auto length = static_cast<std::uint32_t>(text.size());
  message.append(reinterpret_cast<const char*>(&length), sizeof length);
  send_all(to, message += text);
}

// What the harness throws by itself passes. Anything else is what a run has done to
// the process.
std::string answer_to(const std::function<std::string()>& question) {
  try {
    return question();
  } catch (const UsageError&) {
    throw;
  } catch (const ToolError&) {
    throw;
  } catch (const ImpossibleError&) {
    throw;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "jitterbug: %s\n", e.what());
    std::abort();
  }
}

class ChildJournal final : public Journal {
 public:
  ChildJournal(const std::vector<JournalEntry>& known, int to, int output) : known_(known), to_(to), output_(output) {}

  JournalEntry ask(const std::function<std::string()>& question) override {
    if (next_ < known_.size()) return known_[next_++];
    forget_output(output_);
    send(to_, Tag::asks, "");
    std::string text = answer_to(question);
    send(to_, Tag::answer, text);
    return {false, false, std::move(text), ""};
  }

  void note(const std::string& line) override { send(to_, Tag::note, line); }

 private:
  const std::vector<JournalEntry>& known_;
  int to_;
  int output_;
  std::size_t next_ = 0;
};

[[noreturn]] void compute(const std::function<std::string(Journal&)>& work, const std::vector<JournalEntry>& known,
                          int to, int output) {
  ChildJournal journal(known, to, output);
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
      : work_(work), hang_ms_(static_cast<int>(hang_seconds * 1e3)), output_(open_output()) {}
  ~Isolation() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    end();
    close(output_);
  }

  std::string run() {
    for (;;) {
      start();
      while (receive() && !result_) {
      }
      const int status = end();
      if (result_) return *result_;
      if (interrupted()) throw ToolError("interrupted");
      const std::string how = sentence(status);
      if (!asking_) throw ToolError("a process is gone: " + how);
      known_.push_back({true, hung_, how, std::move(notes_)});
      if (++crashes_ > crashes_max) throw ToolError("too many runs take their process down; the last one: " + how);
    }
  }

 private:
  void start() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) refused("cannot make a pipe");
    from_ = ends[0];
    asking_ = hung_ = false;
    distress()->store(Distress::none);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
      confine({parent, output_, memory_bytes, distress()});
      compute(work_, known_, ends[1], output_);
    }
    close(ends[1]);
    if (pid_ < 0) refused("cannot start a process");
  }

  // Kills what still runs; returns the status of the process.
  int end() {
    if (pid_ <= 0) return 0;
    if (result_ || hung_ || interrupted()) kill(pid_, SIGKILL);
    const int status = wait_for_end(pid_);
    close(from_);
    pid_ = -1;
    buffer_.clear();
    return status;
  }

  std::atomic<Distress>* distress() const { return static_cast<std::atomic<Distress>*>(shared_.data()); }

  std::string sentence(int status) const {
    Ending ending;
    ending.status = status;
    ending.hung = hung_;
    ending.hang_seconds = hang_ms_ / 1e3;
    ending.memory_bytes = memory_bytes;
    ending.distress = distress()->load();
    ending.output = end_of_output(output_, output_shown);
    return sentence_of(ending);
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
      case Tag::asks:
        asking_ = true;
        notes_.clear();
        return;
      case Tag::note:
        notes_ += text + "\n";
        return;
      case Tag::answer:
        asking_ = false;
        known_.push_back({false, false, std::move(text), ""});
        return;
      case Tag::result: result_ = std::move(text); return;
      case Tag::usage: throw UsageError(text);
      case Tag::impossible: throw ImpossibleError(text);
      case Tag::failed: throw ToolError(text);
    }
  }

  const std::function<std::string(Journal&)>& work_;
  const int hang_ms_;
  const int output_;  // what a process prints
  const SharedMemory shared_{sizeof(std::atomic<Distress>)};
  std::vector<JournalEntry> known_;
  std::size_t crashes_ = 0;
  pid_t pid_ = -1;
  int from_ = -1;
  bool asking_ = false;  // a question is under way
  bool hung_ = false;
  std::string notes_;  // of the question under way
  std::string buffer_;
  std::optional<std::string> result_;
};

}  // namespace

std::string run_isolated(const std::function<std::string(Journal&)>& work, double hang_seconds) {
  return Isolation(work, hang_seconds).run();
}

}  // namespace jitterbug
