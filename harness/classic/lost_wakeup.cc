// A lost wakeup: a thread asks a flag without the lock and then waits on a condition
// variable; another one raises the flag and notifies under the lock. It fails (nobody
// can run) when all of that falls between the question and the wait.
//
//   lost_wakeup_d   the two threads alone
//   lost_wakeup_d2  after twenty pairs of lock and unlock of an unrelated lock in each
//                   thread, and beside two threads that do nothing but that
//
// The first thread starts and joins the others.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

class Condition {
 public:
  // The caller holds the lock, and holds it again on return. May return early.
  void wait(Mutex& lock) {
    const std::uint32_t seen = signals_.load(rt::relaxed);
    lock.unlock();
    rt::os::futex_wait(signals_, seen, rt::forever);
    lock.lock();
  }
  void notify_one() {
    signals_.fetch_add(1, rt::relaxed);
    rt::os::futex_wake(signals_, 1);
  }

 private:
  rt::os::Atomic<std::uint32_t> signals_{0};
};

template <int noise_rounds, int noise_threads>
class LostWakeup final : public Program {
 public:
  explicit LostWakeup(Version version) : asks_under_lock_(version == Version::repaired) {}

  void main(Stage& stage) override {
    stage.start([this] { wait(); });
    stage.start([this] { notify(); });
    for (int i = 0; i < noise_threads; ++i) stage.start([this] { make_noise(); });
    stage.join();
  }

 private:
  void make_noise() {
    for (int i = 0; i < noise_rounds; ++i) {
      noise_.lock();
      noise_.unlock();
    }
  }

  void wait() {
    make_noise();
    if (asks_under_lock_) {
      const MutexGuard guard(lock_);
      while (flag_.get() == 0) raised_.wait(lock_);
      return;
    }
    if (flag_.get() != 0) return;
    const MutexGuard guard(lock_);
    raised_.wait(lock_);
  }

  void notify() {
    make_noise();
    const MutexGuard guard(lock_);
    flag_.set(1);
    raised_.notify_one();
  }

  const bool asks_under_lock_;
  Cell flag_;
  Condition raised_;
  Mutex lock_, noise_;
};

constexpr const char* bug = "a flag asked without the lock before a wait: the notification comes in between";

constexpr ProgramInfo all[] = {
    {"lost_wakeup_d", bug, 3, Symptom::deadlock, true, make<LostWakeup<0, 0>>},
    {"lost_wakeup_d2", bug, 5, Symptom::deadlock, true, make<LostWakeup<20, 2>>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
