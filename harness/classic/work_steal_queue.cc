// WorkStealQueue, of the CHESS examples (Musuvathi and others, OSDI 2008; in SCTBench):
// the THE protocol of Cilk-5 on a ring of two. The owner may push without the lock while
// one place is free that a thief does not touch; here it takes the ring for full one
// place too late, so a push can overwrite the item that a thief has claimed and not yet
// read: that one is lost, the new one runs twice. The owner (the first thread) pushes
// four items and pops up to four, one thief tries twice; every item must have run once
// at the end.

#include <memory>

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

constexpr int items = 4, steal_attempts = 2, first_slots = 2;
constexpr int nothing = -1;

class Queue {
 public:
  explicit Queue(int spare) : spare_(spare) {}

  int steal() {
    const MutexGuard guard(lock_);
    const int h = head_.get();
    head_.set(h + 1);
    if (h < tail_.get()) return slot(h).get();
    head_.set(h);
    return nothing;
  }

  int pop() {
    const int t = tail_.get() - 1;
    tail_.set(t);
    if (head_.get() <= t) return slot(t).get();
    tail_.set(t + 1);
    return pop_locked();
  }

  void push(int item) {
    const int t = tail_.get();
    if (t >= head_.get() + mask_ + 1 - spare_) return push_locked(item);
    slot(t).set(item);
    tail_.set(t + 1);
  }

 private:
  // The original reads with a compare-exchange and writes with an exchange.
  class Index {
   public:
    int get() { return value_.fetch_add(0, rt::seq_cst); }
    void set(int value) { value_.exchange(value, rt::seq_cst); }

   private:
    rt::os::Atomic<int> value_{0};
  };

  Cell& slot(int index) { return slots_[index & mask_]; }

  int pop_locked() {
    const MutexGuard guard(lock_);
    const int t = tail_.get() - 1;
    tail_.set(t);
    int found = nothing;
    if (head_.get() <= t)
      found = slot(t).get();
    else
      tail_.set(t + 1);
    if (head_.get() <= t) return found;
    head_.set(0);
    tail_.set(0);
    return nothing;
  }

  void push_locked(int item) {
    const MutexGuard guard(lock_);
    const int h = head_.get();
    const int count = tail_.get() - h;
    head_.set(h & mask_);
    tail_.set((h & mask_) + count);
    if (count >= mask_) grow(h & mask_, count);
    const int t = tail_.get();
    slot(t).set(item);
    tail_.set(t + 1);
  }

  void grow(int first, int count) {
    const int slots = 2 * (mask_ + 1);
    auto larger = std::make_unique<Cell[]>(slots);
    for (int i = 0; i < count; ++i) larger[i].set(slot(first + i).get());
    slots_ = std::move(larger);
    mask_ = slots - 1;
    head_.set(0);
    tail_.set(count);
  }

  const int spare_;  // places that the owner leaves free when it pushes without the lock
  Index head_, tail_;
  std::unique_ptr<Cell[]> slots_ = std::make_unique<Cell[]>(first_slots);
  int mask_ = first_slots - 1;
  Mutex lock_;
};

class WorkStealQueue final : public Program {
 public:
  explicit WorkStealQueue(Version version) : queue_(version == Version::repaired ? 1 : 0) {}

  void main(Stage& stage) override {
    stage.start([this] {
      for (int i = 0; i < steal_attempts; ++i) execute(queue_.steal());
    });
    for (int i = 0; i < items; i += 2) {
      queue_.push(i);
      queue_.push(i + 1);
      execute(queue_.pop());
    }
    for (int i = 0; i < items / 2; ++i) execute(queue_.pop());
    stage.join();
    for (const Cell& item : runs_) stage.check(item.get() == 1, "every item runs once");
  }

 private:
  void execute(int item) {
    if (item != nothing) runs_[item].set(runs_[item].get() + 1);
  }

  Queue queue_;
  Cell runs_[items];
};

constexpr ProgramInfo all[] = {
    {"work_steal_queue", "a ring taken for full one place too late: a push overwrites what a thief has claimed", 2,
     Symptom::assertion, true, make<WorkStealQueue>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
