// Main returns while everything is under way: Gs run, sleep, wait for each
// other, are tied to threads and inside system calls, and external threads are
// in the middle of their callbacks. run() must come back all the same, with every
// callback told whether it got to its end.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Rush {
  explicit Rush(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 4))),
        gs(static_cast<int>(s.parameter("gs", 0, 8))),
        callers(static_cast<int>(s.parameter("callers", 0, 4))),
        main_steps(static_cast<int>(s.parameter("main_steps", 0, 60))),
        gates(static_cast<std::size_t>(gs + callers) + 1) {}

  // Something that suspends, or may be left before it ends.
  void stir(rt::Parker& own) {
    switch (scene.random(8)) {
      case 0: rt::yield(); break;
      case 1: rt::sleep(rt::microsecond * (1 + scene.random(30))); break;
      case 2: rt::blocking_call([this] { rt::os::sleep(rt::microsecond * (1 + scene.random(30))); }); break;
      case 3: rt::handoff_call([this] { rt::os::sleep(rt::microsecond * (1 + scene.random(30))); }); break;
      case 4: gates[scene.random(static_cast<std::uint32_t>(gates.size()))].ready(); break;
      case 5: own.park(); break;
      case 6: rt::go([this] { compute(scene.random(8)); }); break;
      default: compute(scene.random(20)); break;
    }
  }

  void run_g(int number) {
    if (number % 3 == 0) rt::lock_thread();
    for (int i = 0; i < 3; ++i) stir(gates[static_cast<std::size_t>(number)]);
  }

  void call(rt::Runtime& runtime, int number) {
    rt::Parker& own = gates[static_cast<std::size_t>(gs + number)];
    for (int i = 0; i < 3; ++i) {
      bool ended = false;
      scene.ledger.callbacks_begun.fetch_add(1);
      const bool done = runtime.callback([&] {
        if (scene.random(3) == 0) own.park();
        rt::yield();
        ended = true;
      });
      scene.ledger.callbacks_ended.fetch_add(1);
      scene.expect(done == ended, OracleId::callbacks, "a callback says whether its body came to its end");
      if (!done) return;
    }
  }

  Scene& scene;
  const int procs;
  const int gs;
  const int callers;
  const int main_steps;
  std::deque<rt::Parker> gates;  // one for each G and each caller
};

void early_end(Scene& scene) {
  Rush rush(scene);
  rt::Runtime runtime({.procs = rush.procs});
  scene.watch(runtime);
  for (int i = 0; i < rush.callers; ++i) scene.external([&, i] { rush.call(runtime, i); });
  runtime.run([&] {
    for (int i = 0; i < rush.gs; ++i) rt::go([&rush, i] { rush.run_g(i); });
    compute(static_cast<std::uint32_t>(rush.main_steps));
    if (scene.random(2) == 0) rt::yield();
  });
  scene.join_external();
  scene.forget();
}

const RegisteredWorkload registered({"early_end", "main returns while Gs and callbacks are in the middle of everything",
                                     Judges::scheduler, body_of<early_end>});

}  // namespace
}  // namespace jitterbug
