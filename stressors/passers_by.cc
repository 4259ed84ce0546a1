// Two Ps. main keeps one of them: it sends a G on its way and waits for its answer
// without yielding. On the other P a visitor passes by meanwhile: it comes back
// from a system call and ends. Its own way into that call has left an M behind that
// searches for work and is about to give up.
//
// So that M may see main's G at its second look, and find no P: the visitor has it.
// The M that the visitor leaves behind in turn was turned away by the spinner limit
// as long as the first one counted, and idles the P without a look.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Passage {
  explicit Passage(Scene& s)
      : scene(s),
        rounds(static_cast<int>(s.parameter("rounds", 2, 8))),
        pace(s.parameter("pace", 0, 5)),
        delay(s.parameter("delay", 0, 5)),
        leaves(s.parameter("leaves", 0, 3) == 0),
        yields(s.parameter("yields", 0, 3) == 0) {}

  void wait_for(const rt::os::Atomic<int>& counter, int round) {
    while (counter.load(acquire) < round) rt::os::relax();
  }

  void visit(int round) {
    rt::handoff_call([&] {
      away.store(round, release);
      wait_for(yields ? answered : begun, round);
      compute(scene.random(1u << delay));
    });
    if (leaves) rt::handoff_call([&] { wait_for(answered, round); });
    all.done();
  }

  // Keeps its P until main has one too.
  void answer(int round) {
    wait_for(back, round);
    answered.store(round, release);
  }

  void lead() {
    all.add(rounds);
    for (int round = 1; round <= rounds; ++round) {
      scene.go([this, round] { visit(round); });
      wait_for(away, round);
      begun.store(round, release);
      compute(scene.random(1u << pace));
      scene.go([this, round] { answer(round); });
      if (yields) rt::yield();
      back.store(round, release);
      wait_for(answered, round);
      scene.ledger.progress.fetch_add(1);
    }
    waiting(scene, [this] { all.wait(); });
  }

  Scene& scene;
  const int rounds;
  // Pauses between the beginning of a round and what main, and the visitor, do then:
  // fewer than two to the power of it.
  const std::int64_t pace;
  const std::int64_t delay;
  const bool leaves;  // the visitor makes another call instead of ending
  const bool yields;  // main goes behind its G, into the global queue; visitors stay out of it
  rt::os::Atomic<int> away{0, "away"};
  rt::os::Atomic<int> begun{0, "begun"};
  rt::os::Atomic<int> back{0, "back"};
  rt::os::Atomic<int> answered{0, "answered"};
  rt::WaitGroup all;
};

void passers_by(Scene& scene) {
  Passage passage(scene);
  rt::Runtime runtime({.procs = 2});
  scene.watch(runtime);
  runtime.run([&] { passage.lead(); });
  scene.forget();
}

const RegisteredWorkload registered(
    {"passers_by", "Gs between two system calls hold the P that the M before them gave up for a moment too long",
     Judges::scheduler, body_of<passers_by>});

}  // namespace
}  // namespace jitterbug
