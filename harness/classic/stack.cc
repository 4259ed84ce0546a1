// stack, of SCTBench: one thread pushes ten numbers, the other pops ten times, each
// push and each pop under a lock. A flag that the first push raises, and nothing
// lowers, stands for "not empty", so a popper that overtakes the pusher pops from an
// empty stack. Two threads beside the first one.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

constexpr int rounds = 10;

class BoundedStack final : public Program {
 public:
  explicit BoundedStack(Version version) : asks_the_stack_(version == Version::repaired) {}

  void main(Stage& stage) override {
    stage.start([this, &stage] { push_all(stage); });
    stage.start([this, &stage] { pop_all(stage); });
    stage.join();
  }

 private:
  void push_all(Stage& stage) {
    for (int i = 0; i < rounds; ++i) {
      lock_.lock();
      stage.check(top_.get() != rounds, "the stack does not overflow");
      places_[top_.get()].set(i);
      top_.set(top_.get() + 1);
      filled_.set(1);
      lock_.unlock();
    }
  }

  void pop_all(Stage& stage) {
    for (int i = 0; i < rounds; ++i) {
      lock_.lock();
      const bool filled = asks_the_stack_ ? top_.get() != 0 : filled_.get() != 0;
      if (filled) pop(stage);
      lock_.unlock();
    }
  }

  void pop(Stage& stage) {
    stage.check(top_.get() != 0, "nothing is popped from an empty stack");
    top_.set(top_.get() - 1);
    places_[top_.get()].get();
  }

  const bool asks_the_stack_;
  Cell top_, filled_;
  Cell places_[rounds];
  Mutex lock_;
};

constexpr ProgramInfo all[] = {
    {"stack", "a flag for `not empty` that a pop does not lower", 3, Symptom::assertion, true, make<BoundedStack>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
