// bluetooth_driver, of SCTBench, after Qadeer and Wu ("KISS: Keep It Simple and
// Sequential", PLDI 2004): a request asks whether the driver is being stopped and then
// counts itself as pending; the stopper announces the stop, drops its own count and
// releases the device when nobody is pending. It fails when all of the stop falls
// between the question and the count. Two threads: the first is the request.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

class BluetoothDriver final : public Program {
 public:
  explicit BluetoothDriver(Version version) : counts_first_(version == Version::repaired) {}

  void main(Stage& stage) override {
    stage.start([this] { stop(); });
    if (begin_request()) stage.check(stopped_.get() == 0, "a device in use is not released");
    end_request();
    stage.join();
  }

 private:
  bool begin_request() {
    if (counts_first_) {
      count_one();
      return stopping_.get() == 0;
    }
    if (stopping_.get() != 0) return false;
    count_one();
    return true;
  }

  void count_one() {
    const MutexGuard guard(lock_);
    pending_.set(pending_.get() + 1);
  }

  // As published, a request that was turned away drops a count it never had.
  void end_request() {
    lock_.lock();
    pending_.set(pending_.get() - 1);
    const int pending = pending_.get();
    lock_.unlock();
    if (pending == 0) idle_.set(1);
  }

  void stop() {
    stopping_.set(1);
    end_request();
    if (idle_.get() != 0) stopped_.set(1);
  }

  const bool counts_first_;
  Cell pending_{1};  // one for the driver itself
  Cell stopping_, idle_, stopped_;
  Mutex lock_;
};

constexpr ProgramInfo all[] = {
    {"bluetooth_driver", "a device released between the question whether it is being stopped and the count of users",
     2, Symptom::assertion, true, make<BluetoothDriver>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
