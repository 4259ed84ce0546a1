#pragma once
// A child process, and its parent's eye on it. The child runs what is under test: it may
// crash, hang, print without end, send nonsense, or be ended by somebody else, and the
// parent learns which.
//
// A signal that is sent to the parent's whole process group (Ctrl-C, a CI's time-out) is
// the parent's business: children ignore whatever asks a process to end or to report. One
// that is sent to a child all the same is told apart from what the child does to itself.
//
// Not thread-safe but for Parent::send(): a parent has no other threads when it forks.

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/base/confine.h"
#include "harness/base/ending.h"
#include "harness/base/process.h"

namespace jitterbug {

// What a child says of itself while it runs, in memory of both. Zeros are the beginning.
struct ChildState {
  std::atomic<bool> busy{false};               // with what may hang or crash
  std::atomic<std::uint64_t> step{0};          // raised when it comes forward
  std::atomic<Distress> distress{Distress::none};
  std::atomic<bool> asked{false};              // by the parent, with SIGTERM, where it hangs
};

// The child's side.
class Parent {
 public:
  Parent(int to, int output, ChildState& state, void* shared)
      : state(state), shared(shared), to_(to), output_(output) {}

  // A message, whole; from any thread and in a signal handler if it has at most message_short
  // bytes. Ends the process when nobody is left to read.
  void send(char tag, std::string_view text) const;
  // What it has printed so far is not to be taken for what follows.
  void forget_output() const;

  ChildState& state;
  void* const shared;  // ChildOptions::shared_bytes, zeros at first

  static constexpr std::size_t message_short = 1'400;

 private:
  const int to_;
  const int output_;
};

struct ChildOptions {
  // While it is busy and does not come forward, so much time that the parent sees pass makes
  // a hang. Time in which the parent or the child is stopped does not count.
  double hang_seconds = 20;
  // With mercy a child that hangs is asked where (SIGTERM), and killed so much later.
  double mercy_seconds = 0;
  // Whether it comes forward; null: ChildState::step says so.
  std::function<std::uint64_t(const void* shared)> progress;
  std::uint64_t memory_bytes = 0;  // see Confinement
  std::size_t shared_bytes = 0;    // of memory that it and its parent map
};

class Child {
 public:
  using Body = std::function<void(Parent&)>;
  // Takes a message. False: no child in its right mind sends this.
  using Take = std::function<bool(char tag, std::string_view text)>;

  // Forks a child that runs the body and exits. Null: the system has no process now, and
  // errno says why. Throws ToolError when there is no memory to share.
  static std::unique_ptr<Child> start(ChildOptions options, const Body& body);
  ~Child();  // kills what still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Readable when there are messages. look() has to be called several times a second anyway.
  int descriptor() const { return from_; }
  // Takes what has come, and ends a child that hangs. True: it has ended.
  bool look(const Take& take);
  void kill();

  const ChildState& state() const { return *state_; }
  const void* shared() const { return shared_.data(); }

  // ---- Once it has ended
  // How, and what it printed at the end.
  const Ending& ending() const { return ending_; }

 private:
  explicit Child(ChildOptions options);

  [[noreturn]] void be_the_child(const Body& body, int to, pid_t parent);
  bool receive();
  void take_messages(const Take& take);
  bool has_exited();
  void note_time();
  void end_if_hung();
  void finish(const Take& take);

  const ChildOptions options_;
  SharedMemory state_memory_{sizeof(ChildState)};
  ChildState* const state_ = static_cast<ChildState*>(state_memory_.data());
  SharedMemory shared_;
  int from_ = -1;
  int output_ = -1;
  pid_t pid_ = -1;
  std::string received_;
  Ending ending_;

  bool stopped_ = false;           // by a signal, and not continued
  std::uint64_t progress_ = 0;     // as it was last
  std::int64_t looked_at_ = 0;     // monotonic ns
  std::int64_t waited_ns_ = 0;     // without progress
};

// Waits until one of them may have something to say, at most so long.
void wait_for_any(const std::vector<const Child*>& children, int milliseconds);

}  // namespace jitterbug
