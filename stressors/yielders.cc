// Two Ps. Gs yield, each to all others, so that they meet in the global queue, while a
// visitor on the other P ends and leaves an M behind that searches and gives up. Then
// main waits for one of them without yielding.
//
// So main may come out of the global queue together with the G it waits for, into
// whose P's local queue nobody looks but that M.

#include "stressors/all.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Yielders {
  explicit Yielders(Scene& s)
      : scene(s),
        rounds(static_cast<int>(s.parameter("rounds", 2, 8))),
        companions(static_cast<int>(s.parameter("companions", 1, 3))),
        yields(static_cast<std::uint32_t>(s.parameter("yields", 1, 4))),
        pace(s.parameter("pace", 0, 5)) {}

  void yield_some() {
    for (std::uint32_t i = 0, n = scene.random(yields + 1); i < n; ++i) rt::yield();
  }

  void visit() {
    compute(scene.random(1u << pace));
    all.done();
  }

  void accompany() {
    yield_some();
    answers.fetch_add(1, acq_rel);
    all.done();
  }

  void lead() {
    for (int round = 1; round <= rounds; ++round) {
      all.add(1 + companions);
      scene.go([this] { visit(); });
      compute(scene.random(1u << pace));
      for (int i = 0; i < companions; ++i) scene.go([this] { accompany(); });
      yield_some();
      while (answers.load(acquire) < round * companions) rt::os::relax();
      scene.ledger.progress.fetch_add(1);
      waiting(scene, [this] { all.wait(); });
    }
  }

  Scene& scene;
  const int rounds;
  const int companions;
  const std::uint32_t yields;  // at most, of each G in a round
  const std::int64_t pace;     // fewer pauses than two to the power of it
  rt::os::Atomic<int> answers{0};
  rt::WaitGroup all;
};

}  // namespace

void yielders(Scene& scene) {
  Yielders crowd(scene);
  rt::Runtime runtime({.procs = 2});
  scene.watch(runtime);
  runtime.run([&] { crowd.lead(); });
  scene.forget();
}

}  // namespace jitterbug
