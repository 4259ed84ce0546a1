// wronglock, of SCTBench: one thread reads a number, adds one to it and compares, under
// the number's lock; seven others add one under another lock. It fails when one of
// these writes between the read and the comparison. Eight threads beside the first.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

constexpr int adders = 7;

class WrongLock final : public Program {
 public:
  explicit WrongLock(Version version) : right_(version == Version::repaired) {}

  void main(Stage& stage) override {
    stage.start([this, &stage] { compare(stage); });
    for (int i = 0; i < adders; ++i) stage.start([this] { add(right_ ? lock_ : other_lock_); });
    stage.join();
  }

 private:
  void add(Mutex& lock) {
    const MutexGuard guard(lock);
    value_.set(value_.get() + 1);
  }

  void compare(Stage& stage) {
    const MutexGuard guard(lock_);
    const int before = value_.get();
    value_.set(value_.get() + 1);
    stage.check(value_.get() == before + 1, "the lock keeps other writers out");
  }

  const bool right_;
  Cell value_;
  Mutex lock_, other_lock_;
};

constexpr ProgramInfo all[] = {
    {"wronglock", "one variable under two locks", 9, Symptom::assertion, true, make<WrongLock>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
