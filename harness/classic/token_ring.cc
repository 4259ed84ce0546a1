// token_ring, of SCTBench: three threads each copy a number of their left neighbour
// once, the first adds one to it; a fourth expects all three to be equal once all
// have moved. That holds only if they moved in the order of the ring. Each moves
// under one lock. Four threads beside the first one.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

class TokenRing final : public Program {
 public:
  explicit TokenRing(Version) {}

  void main(Stage& stage) override {
    stage.start([this] {
      const MutexGuard guard(lock_);
      token_[0].set((token_[2].get() + 1) % 4);
      moved_[0].set(1);
    });
    for (int i = 1; i < 3; ++i) {
      stage.start([this, i] {
        const MutexGuard guard(lock_);
        token_[i].set(token_[i - 1].get());
        moved_[i].set(1);
      });
    }
    stage.start([this, &stage] { compare(stage); });
    stage.join();
  }

 private:
  void compare(Stage& stage) {
    const MutexGuard guard(lock_);
    if (moved_[0].get() == 0 || moved_[1].get() == 0 || moved_[2].get() == 0) return;
    const bool equal = token_[0].get() == token_[1].get() && token_[1].get() == token_[2].get();
    stage.check(equal, "the token has gone round once all have moved");
  }

  Cell token_[3] = {Cell(1), Cell(2), Cell(1)};
  Cell moved_[3];
  Mutex lock_;
};

constexpr ProgramInfo all[] = {
    {"token_ring", "neighbours that move in another order than the ring's", 5, Symptom::assertion, false,
     make<TokenRing>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
