// Two Ps. In each round main spawns a companion, both yield, to each other and to the
// rest of the world, and main waits for the companion's answer without yielding. The M
// that ran the companion of the last round searches meanwhile, and gives up.
//
// So main may come out of the global queue together with its companion, into the local
// queue of its P, just when that M looks at all queues for the last time.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Yielders {
  explicit Yielders(Scene& s)
      : scene(s),
        rounds(static_cast<int>(s.parameter("rounds", 4, 24))),
        yields(static_cast<std::uint32_t>(s.parameter("yields", 1, 2))),
        pace(s.parameter("pace", 0, 6)) {}

  void yield_some() {
    for (std::uint32_t i = 0, n = 1 + scene.random(yields); i < n; ++i) rt::yield();
  }

  void accompany() {
    yield_some();
    answers.fetch_add(1, acq_rel);
    all.done();
  }

  void lead() {
    all.add(rounds);
    for (int round = 1; round <= rounds; ++round) {
      compute(scene.random(1u << pace));
      scene.go([this] { accompany(); });
      yield_some();
      while (answers.load(acquire) < round) rt::os::relax();
      scene.ledger.progress.fetch_add(1);
    }
    waiting(scene, [this] { all.wait(); });
  }

  Scene& scene;
  const int rounds;
  const std::uint32_t yields;  // at most, of each G in a round
  const std::int64_t pace;     // fewer pauses between two rounds than two to the power of it
  rt::os::Atomic<int> answers{0, "answers"};
  rt::WaitGroup all;
};

void yielders(Scene& scene) {
  Yielders pair(scene);
  rt::Runtime runtime({.procs = 2});
  scene.watch(runtime);
  runtime.run([&] { pair.lead(); });
  scene.forget();
}

const RegisteredWorkload registered(
    {"yielders", "Gs leave the global queue together while the other M, which has looked there, gives up",
     Judges::scheduler, body_of<yielders>});

}  // namespace
}  // namespace jitterbug
