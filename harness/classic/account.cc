// account, of SCTBench: one thread deposits, one withdraws, and one, the first to be
// started, checks the balance, each under the account's lock. The sum that the checker
// expects has a wrong sign, which shows only if both have been there before it. Three
// threads beside the first one.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

constexpr int opening = 1, deposit = 2, withdrawal = 4;

class Account final : public Program {
 public:
  explicit Account(Version version)
      : expected_(version == Version::repaired ? opening + deposit - withdrawal : opening - deposit - withdrawal) {}

  void main(Stage& stage) override {
    stage.start([this, &stage] { check(stage); });
    stage.start([this] { move(deposit, deposited_); });
    stage.start([this] { move(-withdrawal, withdrawn_); });
    stage.join();
  }

 private:
  void move(int amount, Cell& done) {
    const MutexGuard guard(lock_);
    balance_.set(balance_.get() + amount);
    done.set(1);
  }

  void check(Stage& stage) {
    const MutexGuard guard(lock_);
    if (deposited_.get() == 0 || withdrawn_.get() == 0) return;
    stage.check(balance_.get() == expected_, "the balance is the sum of what was moved");
  }

  const int expected_;
  Cell balance_{opening};
  Cell deposited_, withdrawn_;
  Mutex lock_;
};

constexpr ProgramInfo all[] = {
    {"account", "a wrong sum that is compared only after both of two movements", 4, Symptom::assertion, true,
     make<Account>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
