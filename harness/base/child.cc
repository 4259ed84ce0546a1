#include "harness/base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

namespace jitterbug {
namespace {

// A tag, a length, so many bytes.
constexpr std::size_t head_bytes = 1 + sizeof(std::uint32_t);
constexpr std::uint32_t message_max = 1u << 30;

// What passes at most between two looks of a parent that is awake.
constexpr std::int64_t look_ns_max = 1'000'000'000;

void write_head(char* to, char tag, std::size_t length) {
  const auto bytes = static_cast<std::uint32_t>(length);
  to[0] = tag;
  std::memcpy(to + 1, &bytes, sizeof bytes);
}

}  // namespace

// In one write() where it fits in, which the kernel does not interleave with others.
void Parent::send(char tag, std::string_view text) const {
  if (text.size() <= message_short) {
    char message[head_bytes + message_short];
    write_head(message, tag, text.size());
    std::memcpy(message + head_bytes, text.data(), text.size());
    return send_all(to_, {message, head_bytes + text.size()});
  }
  std::string message(head_bytes, '\0');
  write_head(message.data(), tag, text.size());
  send_all(to_, message.append(text));
}

void Parent::forget_output() const {
  if (lseek(output_, 0, SEEK_CUR) <= 0) return;
  if (ftruncate(output_, 0) == 0) lseek(output_, 0, SEEK_SET);
}

Child::Child(ChildOptions options)
    : options_(std::move(options)),
      shared_(std::max<std::size_t>(options_.shared_bytes, 1)),
      looked_at_(monotonic_ns()) {
  ending_.hang_seconds = options_.hang_seconds;
  ending_.memory_bytes = options_.memory_bytes;
}

std::unique_ptr<Child> Child::start(ChildOptions options, const Body& body) {
  std::unique_ptr<Child> child(new Child(std::move(options)));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return nullptr;
  child->from_ = ends[0];
  child->output_ = open_output();
  // What this process has not written out yet is not the child's to write.
  std::fflush(nullptr);
  const pid_t parent = getpid();
  child->pid_ = child->output_ < 0 ? -1 : fork();
  if (child->pid_ == 0) child->be_the_child(body, ends[1], parent);
  const int reason = errno;
  close(ends[1]);
  fcntl(child->from_, F_SETFL, O_NONBLOCK);
  if (child->pid_ < 0) child.reset();
  errno = reason;
  return child;
}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait_for_end(pid_);
  }
  if (from_ >= 0) close(from_);
  if (output_ >= 0) close(output_);
}

void Child::be_the_child(const Body& body, int to, pid_t parent) {
  close(from_);
  confine({parent, output_, options_.memory_bytes, &state_->distress});
  Parent side(to, output_, *state_, shared_.data());
  body(side);
  // Not exit(): what the parent registered to happen at its end is not the child's.
  _exit(0);
}

bool Child::look(const Take& take) {
  if (pid_ <= 0) return true;
  while (receive()) take_messages(take);
  if (has_exited()) {
    finish(take);
    return true;
  }
  note_time();
  end_if_hung();
  return false;
}

void Child::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

// False: there is nothing to be read now.
bool Child::receive() {
  char bytes[65536];
  for (;;) {
    const ssize_t n = read(from_, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
}

void Child::take_messages(const Take& take) {
  std::size_t at = 0;
  while (!ending_.protocol_broken && received_.size() - at >= head_bytes) {
    std::uint32_t length = 0;
    std::memcpy(&length, received_.data() + at + 1, sizeof length);
    if (length <= message_max && received_.size() - at < head_bytes + length) break;
    if (length > message_max || !take(received_[at], {received_.data() + at + head_bytes, length})) {
      ending_.protocol_broken = true;
      kill();
      break;
    }
    at += head_bytes + length;
  }
  received_.erase(0, at);
}

bool Child::has_exited() {
  int status = 0;
  const pid_t changed = waitpid(pid_, &status, WNOHANG | WUNTRACED | WCONTINUED);
  if (changed != pid_) return false;
  if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
    stopped_ = WIFSTOPPED(status);
    return false;
  }
  ending_.status = status;
  pid_ = -1;
  return true;
}

// Where the parent was stopped or has slept with its machine, the child was not watched.
void Child::note_time() {
  const std::int64_t now = monotonic_ns();
  const std::int64_t passed = std::min(now - std::exchange(looked_at_, now), look_ns_max);
  const std::uint64_t progress =
      options_.progress ? options_.progress(shared_.data()) : state_->step.load(std::memory_order_relaxed);
  const bool moved = std::exchange(progress_, progress) != progress;
  if (moved || !state_->busy.load(std::memory_order_acquire))
    waited_ns_ = 0;
  else if (!stopped_)
    waited_ns_ += passed;
}

void Child::end_if_hung() {
  const double waited = static_cast<double>(waited_ns_) / 1e9;
  if (!ending_.hung && waited >= options_.hang_seconds) {
    ending_.hung = true;
    waited_ns_ = 0;
    if (options_.mercy_seconds == 0) return kill();
    state_->asked.store(true, std::memory_order_release);
    ::kill(pid_, SIGTERM);
  } else if (ending_.hung && waited >= options_.mercy_seconds) {
    kill();
  }
}

// What it had sent by then is still to be read.
void Child::finish(const Take& take) {
  while (receive()) take_messages(take);
  const bool exited_well = WIFEXITED(ending_.status) && WEXITSTATUS(ending_.status) == 0;
  if (exited_well && !received_.empty()) ending_.protocol_broken = true;
  ending_.busy = state_->busy.load(std::memory_order_acquire);
  ending_.distress = state_->distress.load();
  ending_.output = end_of_output(output_, output_shown);
}

void wait_for_any(const std::vector<const Child*>& children, int milliseconds) {
  std::vector<pollfd> files;
  for (const Child* child : children) files.push_back({child->descriptor(), POLLIN, 0});
  if (poll(files.data(), files.size(), milliseconds) < 0 && errno != EINTR) refused("cannot wait for processes");
}

}  // namespace jitterbug
