// SafeStack, by Dmitry Vyukov (posted to the CHESS forum in 2010; in SCTBench): a
// lock-free pool of three places for three threads. A pop takes the link of the top
// place away before it moves the head, so that others see the place as taken; the head
// alone carries no version. A thread that has read the head and the link stands still
// while others pop and push until the head is the same and the link is another one:
// its exchange of the head then succeeds, and one place belongs to two threads. That
// takes three threads and at least five preemptions. Each of the three takes a place,
// writes its number there, reads it back and returns the place, twice.

#include "harness/classic/program.h"

namespace jitterbug::classic {
namespace {

constexpr int places = 3, threads = 3, rounds = 2;
constexpr int nothing = -1;

class SafeStack final : public Program {
 public:
  explicit SafeStack(Version) {}

  void main(Stage& stage) override {
    stage_ = &stage;
    for (int t = 0; t < threads; ++t) stage.start([this, t] { use(t); });
    stage.join();
  }

 private:
  using Word = rt::os::Atomic<int>;

  void use(int number) {
    for (int i = 0; i < rounds; ++i) {
      int place = pop();
      while (place == nothing) {
        rt::os::yield();
        place = pop();
      }
      owner_[place].set(number);
      stage_->check(owner_[place].get() == number, "a place belongs to one thread at a time");
      push(place);
    }
  }

  int pop() {
    while (count_.load(rt::acquire) > 1) {
      int top = head_.load(rt::acquire);
      const int next = next_[top].exchange(nothing, rt::seq_cst);
      if (next == nothing) {
        rt::os::yield();
        continue;
      }
      int expected = top;
      if (head_.cas_strong(expected, next, rt::seq_cst, rt::seq_cst)) {
        count_.fetch_sub(1, rt::seq_cst);
        return top;
      }
      next_[top].exchange(next, rt::seq_cst);
    }
    return nothing;
  }

  void push(int place) {
    int top = head_.load(rt::acquire);
    do {
      next_[place].store(top, rt::release);
    } while (!head_.cas_strong(top, place, rt::seq_cst, rt::seq_cst));
    count_.fetch_add(1, rt::seq_cst);
  }

  Stage* stage_ = nullptr;
  Word head_{0};
  Word count_{places};
  Word next_[places] = {Word(1), Word(2), Word(nothing)};
  Cell owner_[places];
};

constexpr ProgramInfo all[] = {
    {"safe_stack", "a head without a version: one place popped by two threads", 4, Symptom::assertion, false,
     make<SafeStack>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
