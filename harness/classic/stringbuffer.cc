// stringbuffer-jdk1.4, of SCTBench, after the defect of Java's StringBuffer: append(sb)
// asks sb for its length and then for so many characters, and sb has a lock of its own
// that is free in between. It fails when the other thread erases sb there and has not
// appended to it again when the characters are fetched. Two threads: the first one
// appends.

#include <algorithm>

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

constexpr int capacity = 16;

// The characters are touched under the buffer's lock only: no tester sees them.
class Buffer {
 public:
  void append(const char* text, int length) {
    const MutexGuard guard(lock_);
    std::copy_n(text, length, text_ + count_.get());
    count_.set(count_.get() + length);
  }

  void erase() {
    const MutexGuard guard(lock_);
    if (count_.get() > 0) count_.set(0);
  }

  void append(Buffer& other, Stage& stage, bool hold_other) {
    const MutexGuard guard(lock_);
    if (hold_other) other.lock_.lock();
    const int length = hold_other ? other.count_.get() : other.length();
    const int end = count_.get() + length;
    if (!hold_other) other.lock_.lock();
    stage.check(length <= other.count_.get(), "a buffer is as long as it said");
    std::copy_n(other.text_, length, text_ + end - length);
    other.lock_.unlock();
    count_.set(end);
  }

 private:
  int length() {
    const MutexGuard guard(lock_);
    return count_.get();
  }

  Cell count_;
  char text_[capacity] = {};
  Mutex lock_;
};

class StringBuffer final : public Program {
 public:
  explicit StringBuffer(Version version) : holds_other_(version == Version::repaired) {}

  void main(Stage& stage) override {
    shared_.append("abc", 3);
    stage.start([this] {
      shared_.erase();
      shared_.append("abc", 3);
    });
    own_.append(shared_, stage, holds_other_);
    stage.join();
  }

 private:
  const bool holds_other_;
  Buffer shared_, own_;
};

constexpr ProgramInfo all[] = {
    {"stringbuffer", "a buffer erased between the question for its length and the copy", 2, Symptom::assertion, true,
     make<StringBuffer>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
